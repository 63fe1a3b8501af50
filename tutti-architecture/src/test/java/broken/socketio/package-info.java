@NullMarked
package broken.socketio;

import org.jspecify.annotations.NullMarked;
