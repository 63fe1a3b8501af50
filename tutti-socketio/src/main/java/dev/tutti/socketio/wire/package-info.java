/** The form of Socket.IO messages: their JSON and byte arrays, the names of events, the offsets behind them, and streams and feeds as such. */
@NullMarked
package dev.tutti.socketio.wire;

import org.jspecify.annotations.NullMarked;
