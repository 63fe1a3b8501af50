package dev.tutti.protocol.engineio;

import dev.tutti.protocol.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** One Engine.IO packet, in either direction. */
public sealed interface EnginePacket {
    /** The packets without data, of which one instance each is enough. */
    EnginePacket CLOSE = new Close();

    /** Asks to change to the transport that it came on. */
    EnginePacket UPGRADE = new Upgrade();

    /** Ends a waiting poll. */
    EnginePacket NOOP = new Noop();

    /** A heartbeat of the server. */
    EnginePacket PING = new Ping(Slice.EMPTY);

    /** The answer to it. */
    EnginePacket PONG = new Pong(Slice.EMPTY);

    /**
     * The server's first packet.
     *
     * @param handshake a JSON object
     */
    record Open(Slice handshake) implements EnginePacket {
        private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

        /**
         * The packet that opens session {@code sid}.
         *
         * @param sid 1 to 64 characters of {@code A-Z a-z 0-9 _ -}
         * @param upgrades the transports that the client may change to
         * @param maxPayload the largest request body that the client may send, in bytes
         */
        public static Open of(
                String sid, List<String> upgrades, Duration pingInterval, Duration pingTimeout, int maxPayload) {
            if (!TOKEN.matcher(sid).matches()
                    || !upgrades.stream().allMatch(name -> TOKEN.matcher(name).matches())) {
                throw new IllegalArgumentException(
                        "sid '" + sid + "' and upgrades " + upgrades + " must be 1 to 64 characters of [A-Za-z0-9_-]");
            }
            String names = upgrades.isEmpty() ? "" : "\"" + String.join("\",\"", upgrades) + "\"";
            String json = "{\"sid\":\"" + sid + "\",\"upgrades\":[" + names + "],\"pingInterval\":"
                    + pingInterval.toMillis() + ",\"pingTimeout\":" + pingTimeout.toMillis() + ",\"maxPayload\":"
                    + maxPayload + "}";
            return new Open(Slice.of(json.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** Ends the session. */
    record Close() implements EnginePacket {}

    /** A heartbeat; with data {@code probe} the question whether a new transport works. */
    record Ping(Slice data) implements EnginePacket {}

    /** The answer to a {@link Ping}, with its data. */
    record Pong(Slice data) implements EnginePacket {}

    /** A message of text, which is UTF-8. */
    record Message(Slice text) implements EnginePacket {}

    /** A message of bytes. */
    record Binary(Slice data) implements EnginePacket {}

    /** Asks to change to the transport that it came on. */
    record Upgrade() implements EnginePacket {}

    /** Says nothing. */
    record Noop() implements EnginePacket {}
}
