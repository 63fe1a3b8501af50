/** Tests of what is kept of connections. */
@NullMarked
package dev.tutti.socketio.recovery;

import org.jspecify.annotations.NullMarked;
