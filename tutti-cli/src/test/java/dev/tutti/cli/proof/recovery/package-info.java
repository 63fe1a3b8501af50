/** An application of one's own on the library, whose clients come back after the death of their instance. */
@NullMarked
package dev.tutti.cli.proof.recovery;

import org.jspecify.annotations.NullMarked;
