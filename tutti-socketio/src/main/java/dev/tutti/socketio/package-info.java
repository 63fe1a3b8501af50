/**
 * The Socket.IO 5 server: what applications make, and its namespaces. Below it, each above those behind it: {@code recovery}
 * of clients that come back; {@code socket}, clients and their sockets; {@code cluster}, the servers of all instances;
 * {@code ack}, what clients acknowledge; {@code room}, who gets what; {@code handler}, the application's code; {@code wire},
 * what messages look like; and {@code engineio}, the sessions that carry them.
 */
@NullMarked
package dev.tutti.socketio;

import org.jspecify.annotations.NullMarked;
