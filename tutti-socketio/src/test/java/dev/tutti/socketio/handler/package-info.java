/** Tests of what brings messages to handlers. */
@NullMarked
package dev.tutti.socketio.handler;

import org.jspecify.annotations.NullMarked;
