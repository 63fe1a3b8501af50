/** Streams: named, durable, ordered logs of events; and the interfaces that a backend implements to store them. */
@NullMarked
package dev.tutti.stream;

import org.jspecify.annotations.NullMarked;
