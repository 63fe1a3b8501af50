@NullMarked
package dev.tutti.socketio;

import org.jspecify.annotations.NullMarked;
