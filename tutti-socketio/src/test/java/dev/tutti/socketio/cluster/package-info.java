/** Tests of what instances tell one another. */
@NullMarked
package dev.tutti.socketio.cluster;

import org.jspecify.annotations.NullMarked;
