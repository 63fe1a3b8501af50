/** The health of this instance: whether it and what it depends on are well. */
@NullMarked
package dev.tutti.core.health;

import org.jspecify.annotations.NullMarked;
