/**
 * Clients of each kind, for one's own tests: REST, Socket.IO, plain WebSocket, server-sent events, and one that says what no proper client
 * would. They trust nothing: what they were told goes into a history. The fault bench and the benchmarks have no others, but where a client
 * itself must cost next to nothing.
 */
@NullMarked
package dev.tutti.testkit.client;

import org.jspecify.annotations.NullMarked;
