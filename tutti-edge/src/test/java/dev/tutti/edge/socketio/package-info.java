@NullMarked
package dev.tutti.edge.socketio;

import org.jspecify.annotations.NullMarked;
