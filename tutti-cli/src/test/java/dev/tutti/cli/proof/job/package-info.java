/** Jobs of real processes that are killed and stopped. */
@NullMarked
package dev.tutti.cli.proof.job;

import org.jspecify.annotations.NullMarked;
