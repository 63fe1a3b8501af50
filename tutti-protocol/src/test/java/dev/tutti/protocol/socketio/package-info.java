@NullMarked
package dev.tutti.protocol.socketio;

import org.jspecify.annotations.NullMarked;
