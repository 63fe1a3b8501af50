/** Health: checks of the dependencies of an instance, and the states that they report. */
@NullMarked
package dev.tutti.health;

import org.jspecify.annotations.NullMarked;
