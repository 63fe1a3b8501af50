package dev.tutti.bench.load;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Steps over the WebSocket frames of a server (RFC 6455, section 5.2) by their headers, and keeps their content only if
 * told to. So counting frames costs little. Pure; for one thread.
 */
final class FrameSkipper {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;

    private static final int MAX_LENGTH = 16 * 1024 * 1024;

    /** Gets each frame at its end. */
    @FunctionalInterface
    interface Listener {
        /**
         * A frame has ended.
         *
         * @param content its first {@code length} bytes if it was kept; only valid until this returns
         */
        void onFrame(int opcode, int length, byte[] content);
    }

    private final Listener listener;
    private boolean keeping = true;
    private byte[] content = new byte[256];

    private int opcode = -1;
    private int lengthBytes = -1; // of the extended length still to come; -1: the second byte is still to come
    private long length;
    private long left = -1; // of the content; -1: the header is not complete

    FrameSkipper(Listener listener) {
        this.listener = listener;
    }

    /** Whether the frames' content is kept, from the next frame on. */
    void keep(boolean keep) {
        keeping = keep;
    }

    /** Takes all of {@code in}. */
    void read(ByteBuf in) {
        while (in.isReadable() || left == 0) {
            if (left < 0) {
                header(in.readUnsignedByte());
            } else {
                content(in);
            }
        }
    }

    private void header(int next) {
        if (opcode < 0) {
            opcode = next & 0x0f;
            return;
        }
        if (lengthBytes < 0) {
            if (next > 127) {
                throw new IllegalStateException("a server must not mask its frames");
            }
            lengthBytes = next == 126 ? 2 : next == 127 ? 8 : 0;
            length = lengthBytes == 0 ? next : 0;
        } else {
            length = length << 8 | next;
            lengthBytes--;
        }
        if (lengthBytes == 0) {
            if (length < 0 || length > MAX_LENGTH) {
                throw new IllegalStateException("a frame of " + length + " bytes; at most " + MAX_LENGTH + " are read");
            }
            left = length;
            if (keeping && content.length < length) {
                content = Arrays.copyOf(content, (int) length);
            }
        }
    }

    private void content(ByteBuf in) {
        int part = (int) Math.min(left, in.readableBytes());
        if (keeping) {
            in.readBytes(content, (int) (length - left), part);
        } else {
            in.skipBytes(part);
        }
        left -= part;
        if (left == 0) {
            int ended = opcode;
            opcode = -1;
            lengthBytes = -1;
            left = -1;
            listener.onFrame(ended, (int) length, content);
        }
    }
}
