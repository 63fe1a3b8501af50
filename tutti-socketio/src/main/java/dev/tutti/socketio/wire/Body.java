package dev.tutti.socketio.wire;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.Assembled;
import java.util.List;

/**
 * The content of a message: its JSON, and its byte arrays.
 *
 * @param json an array, in packets
 */
public record Body(Slice json, List<Slice> attachments) {
    /** The body of an assembled packet. */
    public static Body of(Assembled assembled) {
        return new Body(assembled.packet().payload(), assembled.attachments());
    }

    /** How many bytes it has. */
    public long size() {
        long bytes = json.length();
        for (Slice attachment : attachments) {
            bytes += attachment.length();
        }
        return bytes;
    }

    /** Writes it to {@code out}, for {@link #read}. */
    public void write(FrameWriter out) {
        out.bytes(json).list(attachments, FrameWriter::bytes);
    }

    /**
     * Reads what {@link #write} wrote; it refers to the bytes it was read from.
     *
     * @throws ProtocolException if it is something else
     */
    public static Body read(FrameReader in) {
        return new Body(in.bytes(), in.list(FrameReader::bytes));
    }
}
