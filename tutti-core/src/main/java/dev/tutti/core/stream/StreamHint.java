package dev.tutti.core.stream;

import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hint of an instance to the others about a stream: its new events, or only how far it reaches when they are large. Pure. */
sealed interface StreamHint {
    /** Events larger than this together are read from the log by those who need them, in bytes. */
    int MOST_BYTES = 4_096;

    /** A run of events without a hole. */
    record Run(List<Event> events) implements StreamHint {}

    /** The stream has events up to {@code seq}. */
    record Head(long seq) implements StreamHint {}

    /** The bytes that tell of {@code run}, which has an event at least. */
    static byte[] bytes(List<Event> run) {
        long size = run.stream().mapToLong(event -> event.data().length()).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(run.getLast().seq());
            int sent = size > MOST_BYTES ? 0 : run.size();
            out.writeShort(sent);
            for (Event event : run.subList(run.size() - sent, run.size())) {
                write(event, out);
            }
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    /** The bytes that tell only how far {@code run} reaches. */
    static byte[] head(List<Event> run) {
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES)
                .putLong(run.getLast().seq())
                .array();
    }

    private static void write(Event event, DataOutputStream out) throws IOException {
        out.writeUTF(event.type());
        out.writeBoolean(event.key() != null);
        if (event.key() != null) {
            out.writeUTF(event.key());
        }
        out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, event.at()));
        out.writeInt(event.data().length());
        out.write(event.data().bytes());
    }

    /**
     * The hint about {@code stream} that {@code bytes} hold. Total: any bytes give a hint, or the one exception.
     *
     * @throws UncheckedIOException if they are not exactly one hint
     */
    static StreamHint read(StreamName stream, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long head = in.readLong();
            int count = in.readUnsignedShort();
            if (head < Math.max(1, count)) {
                throw new IOException(count + " events up to seq " + head);
            }
            if (count == 0) {
                return whole(new Head(head), in);
            }
            List<Event> events = new ArrayList<>(count);
            for (int i = 1; i <= count; i++) {
                events.add(event(stream, head - count + i, in));
            }
            return whole(new Run(List.copyOf(events)), in);
        } catch (IOException incomplete) {
            throw new UncheckedIOException(incomplete);
        }
    }

    private static StreamHint whole(StreamHint hint, DataInputStream in) throws IOException {
        if (in.available() > 0) {
            throw new IOException(in.available() + " bytes more than a hint has");
        }
        return hint;
    }

    private static Event event(StreamName stream, long seq, DataInputStream in) throws IOException {
        String type = in.readUTF();
        @Nullable String key = in.readBoolean() ? in.readUTF() : null;
        Instant at = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
        int length = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("an event of " + length + " bytes");
        }
        byte[] data = new byte[length];
        in.readFully(data);
        return new Event(stream, seq, type, Json.of(data), key, at);
    }
}
