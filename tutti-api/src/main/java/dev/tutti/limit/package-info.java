/** How often something may be done, counted for all instances together. */
@NullMarked
package dev.tutti.limit;

import org.jspecify.annotations.NullMarked;
