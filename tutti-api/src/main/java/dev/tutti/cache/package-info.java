/** Values that are fetched once for all instances, and kept for a while. */
@NullMarked
package dev.tutti.cache;

import org.jspecify.annotations.NullMarked;
