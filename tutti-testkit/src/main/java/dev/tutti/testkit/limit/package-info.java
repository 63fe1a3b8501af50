/** Samples of what a system under test uses, and the limits that they may not exceed. */
@NullMarked
package dev.tutti.testkit.limit;

import org.jspecify.annotations.NullMarked;
