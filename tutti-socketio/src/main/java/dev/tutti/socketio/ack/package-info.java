/** What clients acknowledge: messages to one socket, and messages to many. */
@NullMarked
package dev.tutti.socketio.ack;

import org.jspecify.annotations.NullMarked;
