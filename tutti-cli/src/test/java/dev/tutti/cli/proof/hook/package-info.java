/** A team's backend that is asked and told about clients of a real process. */
@NullMarked
package dev.tutti.cli.proof.hook;

import org.jspecify.annotations.NullMarked;
