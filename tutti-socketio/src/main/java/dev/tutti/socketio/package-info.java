/** The Socket.IO 5 server: namespaces, sockets, rooms and acknowledgements over Engine.IO sessions. */
@NullMarked
package dev.tutti.socketio;

import org.jspecify.annotations.NullMarked;
