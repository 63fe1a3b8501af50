@NullMarked
package dev.tutti.postgres.job;

import org.jspecify.annotations.NullMarked;
