/** Jobs in PostgreSQL, which db-scheduler hands out. */
@NullMarked
package dev.tutti.postgres.job;

import org.jspecify.annotations.NullMarked;
