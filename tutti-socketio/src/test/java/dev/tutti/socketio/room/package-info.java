/** Tests of whom messages reach. */
@NullMarked
package dev.tutti.socketio.room;

import org.jspecify.annotations.NullMarked;
