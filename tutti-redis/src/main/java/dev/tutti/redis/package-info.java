/** The bus, the second level of caches, rate limits and attributes of sessions on Redis: one server, Sentinel, or Cluster. */
@NullMarked
package dev.tutti.redis;

import org.jspecify.annotations.NullMarked;
