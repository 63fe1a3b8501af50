/** Rate limits that count for all instances together. */
@NullMarked
package dev.tutti.limit;

import org.jspecify.annotations.NullMarked;
