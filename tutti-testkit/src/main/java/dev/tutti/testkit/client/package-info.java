/**
 * Clients for tests: REST, Socket.IO, plain WebSocket, server-sent events, and a raw connection that sends anything, also what no correct
 * client sends. Some record all deliveries in a history, which a checker judges. The fault bench and the benchmarks use them, too, except
 * where a client must cost almost nothing.
 */
@NullMarked
package dev.tutti.testkit.client;

import org.jspecify.annotations.NullMarked;
