/** Caches: values that are loaded once for all instances, kept for a limited time, and invalidated at all instances. */
@NullMarked
package dev.tutti.cache;

import org.jspecify.annotations.NullMarked;
