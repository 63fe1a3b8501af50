/** Samples of what a system under test uses, and the limits that they may not exceed. */
@NullMarked
package dev.tutti.tck.limit;

import org.jspecify.annotations.NullMarked;
