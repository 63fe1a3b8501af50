/** The form of Socket.IO messages: JSON and byte arrays, names of events, the offsets behind them, events of streams and feeds. */
@NullMarked
package dev.tutti.socketio.wire;

import org.jspecify.annotations.NullMarked;
