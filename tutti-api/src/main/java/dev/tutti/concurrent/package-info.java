/** Ways to run work that survive whatever the work throws: one after the other, and again and again; and how much may wait for it. */
@NullMarked
package dev.tutti.concurrent;

import org.jspecify.annotations.NullMarked;
