/** Ways to run work that survive whatever the work throws: one after the other, and again and again; how long to wait, and how much may wait. */
@NullMarked
package dev.tutti.concurrent;

import org.jspecify.annotations.NullMarked;
