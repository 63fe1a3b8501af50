/** Server processes, their PostgreSQL and Redis, and a fault proxy on every link between them. */
@NullMarked
package dev.tutti.faults.cluster;

import org.jspecify.annotations.NullMarked;
