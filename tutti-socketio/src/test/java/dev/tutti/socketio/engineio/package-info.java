@NullMarked
package dev.tutti.socketio.engineio;

import org.jspecify.annotations.NullMarked;
