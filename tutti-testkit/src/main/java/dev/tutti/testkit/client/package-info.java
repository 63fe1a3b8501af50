/**
 * Clients of each kind, for one's own tests: REST, Socket.IO, plain WebSocket, and one that says what no proper client would. They
 * trust nothing: what they were told goes into a history.
 */
@NullMarked
package dev.tutti.testkit.client;

import org.jspecify.annotations.NullMarked;
