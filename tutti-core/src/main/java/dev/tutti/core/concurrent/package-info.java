/** Ways to run work that the capabilities share: one after the other, and again and again. */
@NullMarked
package dev.tutti.core.concurrent;

import org.jspecify.annotations.NullMarked;
