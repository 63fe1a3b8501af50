/** Tests of connections and sockets, piece by piece. */
@NullMarked
package dev.tutti.socketio.socket;

import org.jspecify.annotations.NullMarked;
