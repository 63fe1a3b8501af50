/** Workers of real processes that are killed, stopped and cut off. */
@NullMarked
package dev.tutti.cli.proof.worker;

import org.jspecify.annotations.NullMarked;
