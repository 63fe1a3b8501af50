/** Checks of what clients send, the same for all built-in features. */
@NullMarked
package dev.tutti.server.input;

import org.jspecify.annotations.NullMarked;
