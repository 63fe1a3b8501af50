/**
 * Tools for concurrent code: threads and executors that survive anything a task throws, backoff and deadlines, bounds of queued bytes,
 * lists of listeners, limited logging, and values that are encoded once for many subscribers.
 */
@NullMarked
package dev.tutti.concurrent;

import org.jspecify.annotations.NullMarked;
