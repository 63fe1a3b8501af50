/** The bus, and the second level of caches, on Redis: one server, Sentinel, or Cluster. */
@NullMarked
package dev.tutti.redis;

import org.jspecify.annotations.NullMarked;
