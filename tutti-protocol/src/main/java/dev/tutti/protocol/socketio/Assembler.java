package dev.tutti.protocol.socketio;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.SocketPacket.Binary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins binary packets with their attachments, for one connection and direction. Attachments follow their packet at once
 * and in order; nothing may come in between. After a {@link ProtocolException} the connection is to be closed.
 *
 * <p>Confined to one thread at a time. Holds at most one packet, and at most as many bytes as it was given.
 */
public final class Assembler {
    private final int maxAttachments;
    private final int maxBytes;
    private @Nullable Binary waiting;
    private List<Slice> attachments = List.of();
    private long bytes;

    /**
     * One that waits for nothing.
     *
     * @param maxAttachments the most attachments of one packet
     * @param maxBytes the most bytes of one packet with its attachments
     */
    public Assembler(int maxAttachments, int maxBytes) {
        this.maxAttachments = maxAttachments;
        this.maxBytes = maxBytes;
    }

    /** Whether a packet lacks attachments. */
    public boolean isWaiting() {
        return waiting != null;
    }

    /**
     * Takes a packet. The answer is empty if attachments must follow.
     *
     * @throws ProtocolException if an attachment was expected, or the packet announces more of them than allowed
     */
    public Optional<Assembled> packet(SocketPacket packet) {
        if (waiting != null) {
            throw new ProtocolException(
                    "expected " + (waiting.attachments() - attachments.size()) + " more attachments, got a packet");
        }
        if (!(packet instanceof Binary binary) || binary.attachments() == 0) {
            return Optional.of(new Assembled(packet, List.of()));
        }
        if (binary.attachments() > maxAttachments) {
            throw new ProtocolException(
                    "expected at most " + maxAttachments + " attachments, got " + binary.attachments());
        }
        waiting = binary;
        attachments = new ArrayList<>(binary.attachments());
        bytes = 0;
        count(binary.payload());
        return Optional.empty();
    }

    /**
     * Takes an attachment. The answer is empty if more must follow.
     *
     * @throws ProtocolException if a packet was expected, or the attachments are too large together
     */
    public Optional<Assembled> attachment(Slice attachment) {
        if (waiting == null) {
            throw new ProtocolException("expected a packet, got an attachment that none announced");
        }
        count(attachment);
        attachments.add(attachment);
        if (attachments.size() < waiting.attachments()) {
            return Optional.empty();
        }
        Assembled whole = new Assembled(waiting, attachments);
        waiting = null;
        attachments = List.of();
        return Optional.of(whole);
    }

    private void count(Slice more) {
        bytes += more.length();
        if (bytes > maxBytes) {
            throw new ProtocolException("expected at most " + maxBytes + " bytes in a packet and its attachments");
        }
    }
}
