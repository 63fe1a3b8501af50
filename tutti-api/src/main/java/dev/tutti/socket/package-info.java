/** What application code sees of its clients: sockets, rooms, messages, acknowledgements. */
@NullMarked
package dev.tutti.socket;

import org.jspecify.annotations.NullMarked;
