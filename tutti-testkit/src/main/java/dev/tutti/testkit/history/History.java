package dev.tutti.testkit.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of everything that all clients of one run saw, in the order in which it was written down. A send's {@link
 * Entry.Invoked} must be written before the bytes leave, and its answer after it came: then an entry that stands in front of
 * another happened before it. Safe for use by many threads.
 */
public final class History {
    /** The most entries of one run; the next one fails the run rather than the machine. */
    public static final int MAX_ENTRIES = 5_000_000;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> nanos = new ArrayList<>();
    private final long begin = System.nanoTime();

    /** {@code client} is about to send. */
    public void invoked(String client, String stream, String key) {
        add(new Entry.Invoked(client, stream, key));
    }

    /** {@code client} was told that its message is durable. */
    public void acknowledged(String client, String stream, String key, long seq) {
        add(new Entry.Acknowledged(client, stream, key, seq));
    }

    /** {@code client} was told that nothing was stored. */
    public void refused(String client, String stream, String key, String why) {
        add(new Entry.Refused(client, stream, key, why));
    }

    /** {@code client} does not know what became of its message. */
    public void unknown(String client, String stream, String key) {
        add(new Entry.Unknown(client, stream, key));
    }

    /** {@code client} was given an event. */
    public void received(String client, String stream, long seq, @Nullable String key) {
        add(new Entry.Received(client, stream, seq, key));
    }

    /** {@code client} was told that events are no longer kept. */
    public void gap(String client, String stream, long after, long resume) {
        add(new Entry.Gap(client, stream, after, resume));
    }

    /** Writes down what happened now. */
    public synchronized void add(Entry entry) {
        if (entries.size() >= MAX_ENTRIES) {
            throw new IllegalStateException("the history has " + MAX_ENTRIES + " entries, which is all it may have");
        }
        entries.add(entry);
        nanos.add(System.nanoTime() - begin);
    }

    /** How long ago this history was begun. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Everything until now. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Keeps it for people: one line per entry, with the seconds since the beginning in front. */
    public synchronized void write(Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < entries.size(); i++) {
                writer.write("%.3f %s%n".formatted(nanos.get(i) / 1e9, entries.get(i)));
            }
        }
    }
}
