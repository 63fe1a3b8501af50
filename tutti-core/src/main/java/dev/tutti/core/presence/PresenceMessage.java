package dev.tutti.core.presence;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.core.presence.PresenceState.Difference;
import dev.tutti.protocol.ProtocolException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A message between instances about who is where. Pure. */
sealed interface PresenceMessage {
    /** The instance that says it. */
    UUID from();

    /** A change among the sender's own people. */
    record Changed(UUID from, Difference difference) implements PresenceMessage {}

    /** A wish to hear all. */
    record Wanted(UUID from) implements PresenceMessage {}

    /** A part of all there is; the last one says so. */
    record Part(UUID from, long revision, boolean first, boolean last, Collection<PresenceKey> keys)
            implements PresenceMessage {}

    /**
     * Some of the people of {@code left}, which has gone, who count as there for so long because they may come back. An instance
     * that came after it cannot know them.
     */
    record Former(UUID from, UUID left, long millis, Collection<PresenceKey> keys) implements PresenceMessage {}

    /** The bytes. */
    default byte[] bytes() {
        FrameWriter out = FrameWriter.unversioned();
        switch (this) {
            case Changed(
                    UUID from,
                    Difference(long before, long after, Set<PresenceKey> came, Set<PresenceKey> went)) ->
                write(went, write(came, out.kind(0).id(from).number(before).number(after)));
            case Wanted(UUID from) -> out.kind(1).id(from);
            case Part(UUID from, long revision, boolean first, boolean last, Collection<PresenceKey> keys) ->
                write(keys, out.kind(2).id(from).number(revision).flag(first).flag(last));
            case Former(UUID from, UUID left, long millis, Collection<PresenceKey> keys) ->
                write(keys, out.kind(3).id(from).id(left).number(millis));
        }
        return out.frame();
    }

    /**
     * The message that {@code bytes} hold. Total: any bytes give a message, or the one exception.
     *
     * @throws ProtocolException if they are not exactly one message
     */
    static PresenceMessage read(byte[] bytes) {
        FrameReader in = FrameReader.unversioned(bytes);
        int kind = in.kind();
        UUID from = in.id();
        PresenceMessage message = switch (kind) {
            case 0 -> new Changed(from, new Difference(in.number(), in.number(), keys(in), keys(in)));
            case 1 -> new Wanted(from);
            case 2 -> new Part(from, in.number(), in.flag(), in.flag(), keys(in));
            case 3 -> new Former(from, in.id(), in.number(), keys(in));
            default -> throw new ProtocolException("expected a message of kind 0 to 3, got kind " + kind);
        };
        in.end();
        return message;
    }

    private static FrameWriter write(Collection<PresenceKey> keys, FrameWriter out) {
        return out.list(
                List.copyOf(keys), (to, key) -> to.shortText(key.topic()).shortText(key.user()));
    }

    private static Set<PresenceKey> keys(FrameReader in) {
        return new HashSet<>(in.list(each -> new PresenceKey(each.shortText(), each.shortText())));
    }
}
