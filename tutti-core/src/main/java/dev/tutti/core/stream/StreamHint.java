package dev.tutti.core.stream;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
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
        return size > MOST_BYTES ? head(run) : frame(run, run);
    }

    /** The bytes that tell only how far {@code run} reaches. */
    static byte[] head(List<Event> run) {
        return frame(run, List.of());
    }

    private static byte[] frame(List<Event> run, List<Event> sent) {
        FrameWriter out = FrameWriter.unversioned().number(run.getLast().seq()).shortNumber(sent.size());
        sent.forEach(event -> write(event, out));
        return out.frame();
    }

    private static void write(Event event, FrameWriter out) {
        @Nullable String key = event.key();
        out.shortText(event.type()).flag(key != null);
        if (key != null) {
            out.shortText(key);
        }
        out.number(ChronoUnit.MICROS.between(Instant.EPOCH, event.at()))
                .bytes(Slice.of(event.data().bytes()));
    }

    /**
     * The hint about {@code stream} that {@code bytes} hold. Total: any bytes give a hint, or the one exception.
     *
     * @throws ProtocolException if they are not exactly one hint
     */
    static StreamHint read(StreamName stream, byte[] bytes) {
        FrameReader in = FrameReader.unversioned(bytes);
        long head = in.number();
        int count = in.shortNumber();
        if (head < Math.max(1, count)) {
            throw new ProtocolException("expected a seq of " + Math.max(1, count) + " or more, got " + head);
        }
        List<Event> events = new ArrayList<>(Math.min(count, 16)); // what it says need not be true
        for (int i = 1; i <= count; i++) {
            events.add(event(stream, head - count + i, in));
        }
        in.end();
        return count == 0 ? new Head(head) : new Run(List.copyOf(events));
    }

    private static Event event(StreamName stream, long seq, FrameReader in) {
        String type = in.shortText();
        @Nullable String key = in.flag() ? in.shortText() : null;
        Instant at = Instant.EPOCH.plus(in.number(), ChronoUnit.MICROS);
        Slice data = in.bytes();
        if (data.length() > MOST_BYTES) {
            throw new ProtocolException("expected an event of at most " + MOST_BYTES + " bytes, got " + data.length());
        }
        return new Event(stream, seq, type, Json.of(data.bytes()), key, at);
    }
}
