/** Which sockets of this instance are in which rooms, whom of them a message is for, and the way out to each. */
@NullMarked
package dev.tutti.socketio.room;

import org.jspecify.annotations.NullMarked;
