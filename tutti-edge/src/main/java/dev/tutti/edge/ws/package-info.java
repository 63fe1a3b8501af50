/** Streams over a plain WebSocket, with a small JSON protocol. */
@NullMarked
package dev.tutti.edge.ws;

import org.jspecify.annotations.NullMarked;
