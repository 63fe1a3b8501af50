package dev.tutti.bench.subject;

import java.nio.ByteBuffer;

/** WebSocket frames as a server sends them. Pure. */
final class ServerFrames {
    private static final byte FINAL_TEXT = (byte) 0x81;

    private ServerFrames() {}

    /** One text frame of at most 65,535 bytes. */
    static byte[] text(byte[] content) {
        if (content.length > 0xffff) {
            throw new IllegalArgumentException("a message of " + content.length + " bytes; at most 65535 are sent");
        }
        boolean extended = content.length > 125;
        ByteBuffer frame =
                ByteBuffer.allocate(content.length + (extended ? 4 : 2)).put(FINAL_TEXT);
        if (extended) {
            frame.put((byte) 126).putShort((short) content.length);
        } else {
            frame.put((byte) content.length);
        }
        return frame.put(content).array();
    }
}
