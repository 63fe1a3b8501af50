/** Rate limits, counted for all instances together. */
@NullMarked
package dev.tutti.limit;

import org.jspecify.annotations.NullMarked;
