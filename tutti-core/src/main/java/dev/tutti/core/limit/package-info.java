/** How what is scarce is divided between those who ask for it. */
@NullMarked
package dev.tutti.core.limit;

import org.jspecify.annotations.NullMarked;
