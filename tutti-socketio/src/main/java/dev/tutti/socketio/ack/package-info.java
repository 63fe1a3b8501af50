/** The acknowledgements of clients: for messages to one socket, and for messages to many. */
@NullMarked
package dev.tutti.socketio.ack;

import org.jspecify.annotations.NullMarked;
