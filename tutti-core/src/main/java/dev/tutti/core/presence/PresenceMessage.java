package dev.tutti.core.presence;

import dev.tutti.core.presence.PresenceState.Difference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            switch (this) {
                case Changed(
                        UUID from,
                        Difference(long before, long after, Set<PresenceKey> came, Set<PresenceKey> went)) -> {
                    begin(out, 0, from);
                    out.writeLong(before);
                    out.writeLong(after);
                    write(came, out);
                    write(went, out);
                }
                case Wanted(UUID from) -> begin(out, 1, from);
                case Former(UUID from, UUID left, long millis, Collection<PresenceKey> keys) -> {
                    begin(out, 3, from);
                    write(left, out);
                    out.writeLong(millis);
                    write(keys, out);
                }
                case Part(UUID from, long revision, boolean first, boolean last, Collection<PresenceKey> keys) -> {
                    begin(out, 2, from);
                    out.writeLong(revision);
                    out.writeBoolean(first);
                    out.writeBoolean(last);
                    write(keys, out);
                }
            }
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    /**
     * The message that {@code bytes} hold. Total: any bytes give a message, or the one exception.
     *
     * @throws UncheckedIOException if they are not exactly one message
     */
    static PresenceMessage read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readByte();
            UUID from = uuid(in);
            PresenceMessage message = switch (kind) {
                case 0 -> new Changed(from, new Difference(in.readLong(), in.readLong(), keys(in), keys(in)));
                case 1 -> new Wanted(from);
                case 2 -> new Part(from, in.readLong(), in.readBoolean(), in.readBoolean(), keys(in));
                case 3 -> new Former(from, uuid(in), in.readLong(), keys(in));
                default -> throw new IOException("kind " + kind);
            };
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes more than a message has");
            }
            return message;
        } catch (IOException foreign) {
            throw new UncheckedIOException(foreign);
        }
    }

    private static void begin(DataOutputStream out, int kind, UUID from) throws IOException {
        out.writeByte(kind);
        write(from, out);
    }

    private static void write(UUID id, DataOutputStream out) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void write(Collection<PresenceKey> keys, DataOutputStream out) throws IOException {
        out.writeInt(keys.size());
        for (PresenceKey key : keys) {
            out.writeUTF(key.place());
            out.writeUTF(key.person());
        }
    }

    private static Set<PresenceKey> keys(DataInputStream in) throws IOException {
        Set<PresenceKey> keys = new HashSet<>();
        int count = in.readInt();
        if (count < 0) {
            throw new IOException(count + " people");
        }
        for (int left = count; left > 0; left--) {
            keys.add(new PresenceKey(in.readUTF(), in.readUTF()));
        }
        return keys;
    }
}
