/** The application's handlers: what messages are brought to them, in which order, and what becomes of the replies. */
@NullMarked
package dev.tutti.socketio.handler;

import org.jspecify.annotations.NullMarked;
