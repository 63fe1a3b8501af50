package dev.tutti.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** WebSocket frames as a client sends them, masked with zeros, which changes nothing and is allowed. Pure. */
final class ClientFrames {
    private static final int MASK = 0x80;
    private static final byte FINAL_TEXT = (byte) 0x81;
    private static final byte FINAL_PONG = (byte) 0x8a;

    private ClientFrames() {}

    /** One text frame of at most 65,535 bytes. */
    static byte[] text(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        if (content.length > 0xffff) {
            throw new IllegalArgumentException("a message of " + content.length + " bytes; at most 65535 are sent");
        }
        boolean extended = content.length > 125;
        ByteBuffer frame =
                ByteBuffer.allocate(content.length + (extended ? 8 : 6)).put(FINAL_TEXT);
        if (extended) {
            frame.put((byte) (MASK | 126)).putShort((short) content.length);
        } else {
            frame.put((byte) (MASK | content.length));
        }
        return frame.putInt(0).put(content).array();
    }

    /** An empty pong. */
    static byte[] pong() {
        return new byte[] {FINAL_PONG, (byte) MASK, 0, 0, 0, 0};
    }
}
