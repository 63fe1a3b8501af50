/**
 * Engine.IO 4: packets and polling payloads, bytes to records and back. Pure; no I/O.
 *
 * @see <a href="https://socket.io/docs/v4/engine-io-protocol/">The Engine.IO protocol, 4th version</a>
 */
@NullMarked
package dev.tutti.protocol.engineio;

import org.jspecify.annotations.NullMarked;
