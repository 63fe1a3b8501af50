/** What hostile clients send, and the answer each gets. */
@NullMarked
package dev.tutti.cli.proof.hostile;

import org.jspecify.annotations.NullMarked;
