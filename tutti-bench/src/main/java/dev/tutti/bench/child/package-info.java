/** Processes of the load tool's own: each answers lines of commands. */
@NullMarked
package dev.tutti.bench.child;

import org.jspecify.annotations.NullMarked;
