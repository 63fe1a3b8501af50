/** The built-in features' access to PostgreSQL: transactions, rows, and the features' own schema. */
@NullMarked
package dev.tutti.postgres.sql;

import org.jspecify.annotations.NullMarked;
