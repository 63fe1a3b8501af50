/**
 * Socket.IO 5: packets within Engine.IO messages, and binary attachments. Pure; no I/O, no JSON: payloads stay bytes.
 *
 * @see <a href="https://socket.io/docs/v4/socket-io-protocol/">The Socket.IO protocol, 5th version</a>
 */
@NullMarked
package dev.tutti.protocol.socketio;

import org.jspecify.annotations.NullMarked;
