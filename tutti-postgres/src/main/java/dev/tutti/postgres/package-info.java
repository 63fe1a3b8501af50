/**
 * Tutti on PostgreSQL 14 or newer: the store of streams, the schema, the pool of connections.
 *
 * <p>Everything is in the schema {@code tutti}; every statement names it, so that nothing depends on a search path or on
 * another state of the session, and connections may come from PgBouncer in transaction mode. Prepared statements then
 * need PgBouncer 1.21 or newer with {@code max_prepared_statements}, or {@code prepareThreshold=0} in the URL.
 */
@NullMarked
package dev.tutti.postgres;

import org.jspecify.annotations.NullMarked;
