/** The health of an instance and of its dependencies. */
@NullMarked
package dev.tutti.core.health;

import org.jspecify.annotations.NullMarked;
