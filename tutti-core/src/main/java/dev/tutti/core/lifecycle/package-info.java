/** Starting in order, and stopping in the reverse order within a budget. */
@NullMarked
package dev.tutti.core.lifecycle;

import org.jspecify.annotations.NullMarked;
