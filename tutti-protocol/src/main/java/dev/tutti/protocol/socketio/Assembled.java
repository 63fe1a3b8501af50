package dev.tutti.protocol.socketio;

import dev.tutti.protocol.Slice;
import java.util.List;

/**
 * A packet with all that belongs to it.
 *
 * @param packet the packet
 * @param attachments what its placeholders stand for; empty for packets that are not {@link SocketPacket.Binary}
 * @param oversized whether the attachments were too many or too large together, and were dropped
 */
public record Assembled(SocketPacket packet, List<Slice> attachments, boolean oversized) {
    public Assembled {
        attachments = List.copyOf(attachments);
    }
}
