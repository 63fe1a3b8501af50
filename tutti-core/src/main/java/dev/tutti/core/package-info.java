/** The composition root: {@link dev.tutti.core.Tutti} builds one instance from its parts and backends. */
@NullMarked
package dev.tutti.core;

import org.jspecify.annotations.NullMarked;
