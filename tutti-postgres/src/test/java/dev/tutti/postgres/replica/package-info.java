@NullMarked
package dev.tutti.postgres.replica;

import org.jspecify.annotations.NullMarked;
