/** Tests of feeds over WebSocket, server-sent events and REST. */
@NullMarked
package dev.tutti.edge.feed;

import org.jspecify.annotations.NullMarked;
