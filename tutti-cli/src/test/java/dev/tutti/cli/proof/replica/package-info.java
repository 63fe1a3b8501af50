/** Servers that read from a real streaming replica, which lags, dies and is promoted. */
@NullMarked
package dev.tutti.cli.proof.replica;

import org.jspecify.annotations.NullMarked;
