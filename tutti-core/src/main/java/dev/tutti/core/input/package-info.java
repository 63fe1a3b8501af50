/** Checks of what clients send, the same for all built-in features. */
@NullMarked
package dev.tutti.core.input;

import org.jspecify.annotations.NullMarked;
