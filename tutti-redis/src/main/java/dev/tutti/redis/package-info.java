/** The bus on Redis: one server, Sentinel, or Cluster. */
@NullMarked
package dev.tutti.redis;

import org.jspecify.annotations.NullMarked;
