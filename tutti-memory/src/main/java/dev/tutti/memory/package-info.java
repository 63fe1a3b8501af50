/** Stores in the memory of one process: for tests, and for users who need no durability. */
@NullMarked
package dev.tutti.memory;

import org.jspecify.annotations.NullMarked;
