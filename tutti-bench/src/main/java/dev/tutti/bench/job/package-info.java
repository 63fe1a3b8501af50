/** Jobs, beside what hands them out alone. */
@NullMarked
package dev.tutti.bench.job;

import org.jspecify.annotations.NullMarked;
