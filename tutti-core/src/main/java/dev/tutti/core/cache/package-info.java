/** Caches whose misses are one load in the cluster, and whose values are dropped everywhere. */
@NullMarked
package dev.tutti.core.cache;

import org.jspecify.annotations.NullMarked;
