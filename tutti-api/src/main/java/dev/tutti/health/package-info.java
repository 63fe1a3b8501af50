/** Health: the states of dependencies, and their checks. */
@NullMarked
package dev.tutti.health;

import org.jspecify.annotations.NullMarked;
