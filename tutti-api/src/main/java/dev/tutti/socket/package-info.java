/** The clients as application code sees them: sockets, rooms, messages, acknowledgements. */
@NullMarked
package dev.tutti.socket;

import org.jspecify.annotations.NullMarked;
