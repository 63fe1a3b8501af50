/**
 * Ways to run work that survive whatever the work throws: one after the other, and again and again; how long to wait, how much may
 * wait, and who is told. And values that are encoded once for all who live on one executor.
 */
@NullMarked
package dev.tutti.concurrent;

import org.jspecify.annotations.NullMarked;
