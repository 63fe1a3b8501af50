/** Reads from a streaming replica of the database, and when they are safe. */
@NullMarked
package dev.tutti.postgres.replica;

import org.jspecify.annotations.NullMarked;
