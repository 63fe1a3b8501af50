/** Caches: a missing value is loaded once in the cluster, and an invalidated value is dropped at all instances. */
@NullMarked
package dev.tutti.core.cache;

import org.jspecify.annotations.NullMarked;
