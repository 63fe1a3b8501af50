package dev.tutti.socketio;

import dev.tutti.core.cluster.FrameReader;
import dev.tutti.core.cluster.FrameWriter;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.Assembled;
import java.util.List;

/**
 * What a message carries, as JSON, and its byte arrays.
 *
 * @param json an array, in packets
 */
record Body(Slice json, List<Slice> attachments) {
    /** That of a packet. */
    static Body of(Assembled assembled) {
        return new Body(assembled.packet().payload(), assembled.attachments());
    }

    /** How many bytes it has. */
    long size() {
        long bytes = json.length();
        for (Slice attachment : attachments) {
            bytes += attachment.length();
        }
        return bytes;
    }

    void write(FrameWriter out) {
        out.bytes(json).list(attachments, FrameWriter::bytes);
    }

    static Body read(FrameReader in) {
        return new Body(in.bytes(), in.list(FrameReader::bytes));
    }
}
