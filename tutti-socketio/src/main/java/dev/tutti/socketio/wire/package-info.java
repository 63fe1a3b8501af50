/** The form of Socket.IO messages: their JSON and byte arrays, the names of events, and the offsets behind them. */
@NullMarked
package dev.tutti.socketio.wire;

import org.jspecify.annotations.NullMarked;
