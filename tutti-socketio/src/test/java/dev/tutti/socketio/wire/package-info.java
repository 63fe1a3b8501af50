/** Tests of the form of messages. */
@NullMarked
package dev.tutti.socketio.wire;

import org.jspecify.annotations.NullMarked;
