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
 * The history of one run: all actions and observations of all clients, in the order in which they were added. Add {@link Entry.Invoked}
 * before the message is sent, and its outcome after the answer was received. Then an outcome that comes before an {@code Invoked} here also
 * happened before it. Safe for use by many threads.
 */
public final class History {
    /** The most entries of one run. The next one throws, so that the run fails before memory is exhausted. */
    public static final int MAX_ENTRIES = 5_000_000;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> nanos = new ArrayList<>();
    private final long begin = System.nanoTime();

    /** Adds that {@code client} is about to send. */
    public void invoked(String client, String stream, String key) {
        add(new Entry.Invoked(client, stream, key));
    }

    /** Adds that {@code client} was told that its message is durable. */
    public void acknowledged(String client, String stream, String key, long seq) {
        add(new Entry.Acknowledged(client, stream, key, seq));
    }

    /** Adds that {@code client} was told that nothing was stored. */
    public void refused(String client, String stream, String key, String why) {
        add(new Entry.Refused(client, stream, key, why));
    }

    /** Adds that {@code client} does not know the outcome of its message. */
    public void unknown(String client, String stream, String key) {
        add(new Entry.Unknown(client, stream, key));
    }

    /** Adds that an event was delivered to {@code client}. */
    public void received(String client, String stream, long seq, @Nullable String key) {
        add(new Entry.Received(client, stream, seq, key));
    }

    /** Adds that {@code client} was told that events are no longer kept. */
    public void gap(String client, String stream, long after, long resume) {
        add(new Entry.Gap(client, stream, after, resume));
    }

    /** Adds {@code entry}. */
    public synchronized void add(Entry entry) {
        if (entries.size() >= MAX_ENTRIES) {
            throw new IllegalStateException("the history has " + MAX_ENTRIES + " entries, which is all it may have");
        }
        entries.add(entry);
        nanos.add(System.nanoTime() - begin);
    }

    /** The time since this history was created. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** A copy of all entries. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Writes all entries to {@code file}, for people: a line for each, which begins with the seconds since the history was created. */
    public synchronized void write(Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < entries.size(); i++) {
                writer.write("%.3f %s%n".formatted(nanos.get(i) / 1e9, entries.get(i)));
            }
        }
    }
}
