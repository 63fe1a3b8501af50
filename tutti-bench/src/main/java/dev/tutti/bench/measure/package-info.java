/** The common parts of measurements: rounds and their medians, calls in a closed loop, and the table in the end. */
@NullMarked
package dev.tutti.bench.measure;

import org.jspecify.annotations.NullMarked;
