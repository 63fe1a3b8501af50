/** Judges of single promises: each has clients of its own, and an eye on the cluster. */
@NullMarked
package dev.tutti.faults.judge;

import org.jspecify.annotations.NullMarked;
