/** The Socket.IO API for application code: namespaces, sockets, rooms, messages and acknowledgements; also access rules for clients. */
@NullMarked
package dev.tutti.socket;

import org.jspecify.annotations.NullMarked;
