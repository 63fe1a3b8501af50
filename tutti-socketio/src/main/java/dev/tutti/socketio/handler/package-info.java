/** The application's handlers: the messages that are brought to them, their order, and the outcome of the replies. */
@NullMarked
package dev.tutti.socketio.handler;

import org.jspecify.annotations.NullMarked;
