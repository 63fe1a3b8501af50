/** The division of what is scarce between those who ask for it. */
@NullMarked
package dev.tutti.core.limit;

import org.jspecify.annotations.NullMarked;
