/** How well something is, and who finds out. */
@NullMarked
package dev.tutti.health;

import org.jspecify.annotations.NullMarked;
