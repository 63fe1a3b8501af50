package dev.tutti.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The upgrade of a connection to a WebSocket (RFC 6455, section 4): the request, and the head of the response. For one thread. */
final class Upgrade {
    private static final int MAX_RESPONSE_HEAD = 16 * 1024;

    private final StringBuilder head = new StringBuilder();

    /** The request for {@code path}, by who has the token {@code bearer}. */
    static ByteBuf request(String path, String bearer) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Authorization: Bearer " + bearer + "\r\n\r\n";
        return Unpooled.wrappedBuffer(request.getBytes(US_ASCII));
    }

    /** Reads {@code in} up to the end of the head, and gives the whole head then; null as long as there is more of it. */
    @Nullable
    String read(ByteBuf in) {
        while (in.isReadable()) {
            head.append((char) in.readUnsignedByte());
            if (head.length() > MAX_RESPONSE_HEAD) {
                throw new IllegalStateException("an endless response head: " + head.substring(0, 200));
            }
            int length = head.length();
            if (length >= 4
                    && head.charAt(length - 1) == '\n'
                    && head.substring(length - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return null;
    }

    /** Whether {@code head} says that it is a WebSocket now. */
    static boolean accepted(String head) {
        return head.startsWith("HTTP/1.1 101 ");
    }
}
