@NullMarked
package dev.tutti.core.health;

import org.jspecify.annotations.NullMarked;
