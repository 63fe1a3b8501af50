/** Clients and their sockets: one connection for each client, with one socket in each namespace that it has joined. */
@NullMarked
package dev.tutti.socketio.socket;

import org.jspecify.annotations.NullMarked;
