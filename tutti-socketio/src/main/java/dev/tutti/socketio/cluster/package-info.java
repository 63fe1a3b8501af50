/** The Socket.IO servers of all instances together: what they tell and ask one another. */
@NullMarked
package dev.tutti.socketio.cluster;

import org.jspecify.annotations.NullMarked;
