package dev.tutti.edge.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;

/** A check whether bytes that come in pieces are UTF-8 (RFC 3629); it fails at the first byte that cannot be. Not thread-safe. */
final class Utf8 implements ByteProcessor {
    private static final int LEAST = 0x80;
    private static final int MOST = 0xBF;

    private int missing; // bytes of the character that has begun
    private int least = LEAST; // the next of them is at least this
    private int most = MOST;

    /** Whether all of {@code text} is UTF-8; faster than piece by piece. */
    static boolean isText(ByteBuf text) {
        return ByteBufUtil.isText(text, StandardCharsets.UTF_8);
    }

    /** The exception that ends a connection whose text is not UTF-8. */
    static CorruptedWebSocketFrameException malformed() {
        return new CorruptedWebSocketFrameException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a text is not UTF-8");
    }

    /** Takes the next bytes; false if nothing that follows can make them UTF-8. */
    boolean accepts(ByteBuf piece) {
        return piece.forEachByte(this) < 0;
    }

    /** Whether no character is unfinished. */
    boolean isComplete() {
        return missing == 0;
    }

    @Override
    public boolean process(byte next) {
        int value = Byte.toUnsignedInt(next);
        if (missing > 0) {
            boolean continues = value >= least && value <= most;
            missing--;
            least = LEAST;
            most = MOST;
            return continues;
        }
        return value < 0x80 || begins(value);
    }

    /** The first byte of several; what would be longer than needed, a surrogate, or beyond U+10FFFF shows at the second. */
    private boolean begins(int value) {
        if (value < 0xC2 || value > 0xF4) {
            return false;
        }
        missing = value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
        switch (value) {
            case 0xE0 -> least = 0xA0;
            case 0xED -> most = 0x9F;
            case 0xF0 -> least = 0x90;
            case 0xF4 -> most = 0x8F;
            default -> {}
        }
        return true;
    }
}
