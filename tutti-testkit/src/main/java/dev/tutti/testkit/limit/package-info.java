/** Limits of the resources that a system under test uses, checked by samples. */
@NullMarked
package dev.tutti.testkit.limit;

import org.jspecify.annotations.NullMarked;
