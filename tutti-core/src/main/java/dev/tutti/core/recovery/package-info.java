/** Continuing a connection at another instance: what is kept of it, and for how long. */
@NullMarked
package dev.tutti.core.recovery;

import org.jspecify.annotations.NullMarked;
