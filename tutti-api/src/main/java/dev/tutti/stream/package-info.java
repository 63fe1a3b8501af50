/** Streams: named, durable, ordered logs, and what a backend must do to store them. */
@NullMarked
package dev.tutti.stream;

import org.jspecify.annotations.NullMarked;
