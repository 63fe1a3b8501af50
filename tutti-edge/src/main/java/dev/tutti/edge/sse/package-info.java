/** Streams as server-sent events. */
@NullMarked
package dev.tutti.edge.sse;

import org.jspecify.annotations.NullMarked;
