package dev.tutti.socketio.wire;

import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The offset that a client has reached in the messages of a recoverable namespace: the last argument of each message that it is
 * sent, which clients show when they come back. They do so with the last argument of any message if it is a text, so an offset must
 * not look like one of those.
 */
public final class Offset {
    private static final String PREFIX = "offset:";

    private Offset() {}

    /** The offset of the message {@code seq}. */
    public static String of(long seq) {
        return PREFIX + seq;
    }

    /** The seq that {@code shown} is the offset of; empty if it is none. */
    public static OptionalLong read(@Nullable Object shown) {
        if (shown instanceof String text && text.startsWith(PREFIX)) {
            try {
                long seq = Long.parseLong(text, PREFIX.length(), text.length(), 10);
                return seq < 0 ? OptionalLong.empty() : OptionalLong.of(seq);
            } catch (NumberFormatException other) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /** The packets of one message, behind what it carries the offset of {@code seq}. */
    public static List<EnginePacket> stamp(List<EnginePacket> packets, long seq) {
        List<EnginePacket> stamped = new ArrayList<>(packets);
        if (packets.getFirst() instanceof EnginePacket.Message(Slice text)) {
            stamped.set(0, new EnginePacket.Message(stamp(text, seq)));
        }
        return stamped;
    }

    /** {@code array}, which ends with a JSON array that is not empty, with one element more. */
    public static Slice stamp(Slice array, long seq) {
        byte[] end = (",\"" + of(seq) + "\"]").getBytes(StandardCharsets.US_ASCII);
        int kept = array.length() - 1;
        byte[] stamped = new byte[kept + end.length];
        System.arraycopy(array.array(), array.offset(), stamped, 0, kept);
        System.arraycopy(end, 0, stamped, kept, end.length);
        return Slice.of(stamped);
    }
}
