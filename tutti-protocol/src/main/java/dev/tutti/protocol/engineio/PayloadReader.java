package dev.tutti.protocol.engineio;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Reads the packets of one polling payload, one after the other, so that a payload of many small packets costs no more
 * memory than one of them, and a small packet that is kept does not keep the payload. {@link #next} throws {@link ProtocolException} at bytes that are no packet, and at every call
 * from then on. For use by one thread at a time.
 */
public final class PayloadReader implements Iterator<EnginePacket> {
    /** The byte between two packets: the ASCII record separator. */
    static final byte SEPARATOR = 0x1e;

    private final Slice payload;
    private final int maxPackets;
    private int begin;
    private int count;

    /**
     * Begins to read {@code payload}.
     *
     * @param maxBytes the largest payload, in bytes
     * @param maxPackets the most packets
     * @throws ProtocolException if the payload is larger
     */
    public PayloadReader(Slice payload, int maxBytes, int maxPackets) {
        if (payload.length() > maxBytes) {
            throw new ProtocolException(
                    "expected a payload of at most " + maxBytes + " bytes, got " + payload.length());
        }
        this.payload = payload;
        this.maxPackets = maxPackets;
    }

    @Override
    public boolean hasNext() {
        return begin <= payload.length();
    }

    @Override
    public EnginePacket next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (count == maxPackets) {
            throw new ProtocolException("expected a payload of at most " + maxPackets + " packets, got more");
        }
        int separator = payload.indexOf(SEPARATOR, begin);
        int end = separator < 0 ? payload.length() : separator;
        Slice part = payload.from(begin, end).compact();
        EnginePacket packet = EngineDecoder.text(part);
        begin = end + 1;
        count++;
        return packet;
    }
}
