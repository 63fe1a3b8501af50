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
 * <p>Attachments beyond its bounds are dropped as they come, so that the packet can be refused and the connection goes on.
 * Confined to one thread at a time. Holds at most one packet, and at most as many bytes as it was given.
 */
public final class Assembler {
    private final int maxAttachments;
    private final int maxBytes;
    private @Nullable Binary waiting;
    private List<Slice> attachments = List.of();
    private int arrived;
    private long bytes;
    private boolean oversized;

    /**
     * One that waits for nothing.
     *
     * @param maxAttachments the most attachments of one packet that are kept
     * @param maxBytes the most bytes of one packet with its attachments that are kept
     */
    public Assembler(int maxAttachments, int maxBytes) {
        this.maxAttachments = maxAttachments;
        this.maxBytes = maxBytes;
    }

    /** Whether a packet lacks attachments. */
    public boolean isWaiting() {
        return waiting != null;
    }

    /** How many bytes are kept of a packet that lacks attachments; 0 if none does. */
    public long kept() {
        Binary packet = waiting;
        if (packet == null) {
            return 0;
        }
        return oversized ? packet.payload().length() : bytes;
    }

    /** Waits for nothing any more. */
    public void drop() {
        waiting = null;
        attachments = List.of();
    }

    /**
     * Takes a packet. The answer is empty if attachments must follow.
     *
     * @throws ProtocolException if an attachment was expected
     */
    public Optional<Assembled> packet(SocketPacket packet) {
        if (waiting != null) {
            throw new ProtocolException(
                    "expected " + (waiting.attachments() - arrived) + " more attachments, got a packet");
        }
        if (!(packet instanceof Binary binary) || binary.attachments() == 0) {
            return Optional.of(new Assembled(packet, List.of(), false));
        }
        waiting = binary;
        arrived = 0;
        bytes = 0;
        attachments = new ArrayList<>(Math.min(binary.attachments(), maxAttachments));
        oversized = binary.attachments() > maxAttachments;
        count(binary.payload());
        return Optional.empty();
    }

    /**
     * Takes an attachment. The answer is empty if more must follow.
     *
     * @throws ProtocolException if a packet was expected
     */
    public Optional<Assembled> attachment(Slice attachment) {
        if (waiting == null) {
            throw new ProtocolException("expected a packet, got an attachment that none announced");
        }
        arrived++;
        count(attachment);
        if (!oversized) {
            attachments.add(attachment);
        }
        if (arrived < waiting.attachments()) {
            return Optional.empty();
        }
        Assembled whole = new Assembled(waiting, attachments, oversized);
        drop();
        return Optional.of(whole);
    }

    private void count(Slice more) {
        bytes += more.length();
        oversized = oversized || bytes > maxBytes;
        if (oversized) {
            attachments = List.of();
        }
    }
}
