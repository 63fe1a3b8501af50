/** Engine.IO 4 sessions over HTTP long-polling and WebSocket, with the upgrade from one to the other. */
@NullMarked
package dev.tutti.socketio.engineio;

import org.jspecify.annotations.NullMarked;
