/**
 * Clients that come back as the sockets that they were, with what they missed: the messages of a recoverable namespace, and
 * what is kept of its sockets.
 */
@NullMarked
package dev.tutti.socketio.recovery;

import org.jspecify.annotations.NullMarked;
