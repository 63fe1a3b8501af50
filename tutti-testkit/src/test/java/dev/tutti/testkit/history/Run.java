package dev.tutti.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run of a system that keeps all promises, made up from a seed; tests then break it. */
final class Run {
    static final List<String> STREAMS = List.of("room:1", "room:2");
    static final List<String> CLIENTS = List.of("ann", "bob", "cleo");

    final List<Entry> entries = new ArrayList<>();
    final Map<String, List<LogEntry>> log = new LinkedHashMap<>();
    final ExpectedDeliveries expected = new ExpectedDeliveries();
    private final Map<String, Long> dropped = new LinkedHashMap<>();
    private final Random random;

    Run(long seed) {
        random = new Random(seed);
        for (String stream : STREAMS) {
            List<LogEntry> events = new ArrayList<>();
            events.add(new LogEntry(1, null));
            log.put(stream, events);
            expected.entitled("ann", stream, 0);
            expected.entitled("bob", stream, 1);
        }
        expected.entitled("cleo", "room:1", 0);
        for (int i = 0; i < 60; i++) {
            send(any(CLIENTS), any(STREAMS), "k" + i);
        }
        log.forEach((stream, events) -> expected.of(stream)
                .forEach((client, after) -> events.stream()
                        .filter(event -> event.seq() > after)
                        .forEach(event -> entries.add(new Entry.Received(client, stream, event.seq(), event.key())))));
    }

    private void send(String client, String stream, String key) {
        entries.add(new Entry.Invoked(client, stream, key));
        switch (random.nextInt(10)) {
            case 0 -> entries.add(new Entry.Refused(client, stream, key, "rate_limited"));
            case 1 -> entries.add(new Entry.Unknown(client, stream, key));
            case 2 -> {
                append(stream, key);
                entries.add(new Entry.Unknown(client, stream, key));
            }
            case 3 -> {
                long seq = append(stream, key);
                entries.add(new Entry.Unknown(client, stream, key));
                entries.add(new Entry.Invoked(client, stream, key));
                entries.add(new Entry.Acknowledged(client, stream, key, seq));
            }
            default -> entries.add(new Entry.Acknowledged(client, stream, key, append(stream, key)));
        }
    }

    private long append(String stream, String key) {
        List<LogEntry> events = log.getOrDefault(stream, List.of());
        events.add(new LogEntry(events.size() + 1L, key));
        return events.size();
    }

    Verdict check() {
        return HistoryChecker.check(entries, log, dropped, expected);
    }

    /** Retention takes the events up to {@code seq} out of the log. */
    void drop(String stream, long seq) {
        log.getOrDefault(stream, List.of()).removeIf(event -> event.seq() <= seq);
        dropped.put(stream, seq);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** The index of any entry of this kind. */
    int anyIndex(Class<? extends Entry> kind) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (kind.isInstance(entries.get(i))) {
                indexes.add(i);
            }
        }
        return any(indexes);
    }

    List<LogEntry> anyLog() {
        return log.getOrDefault(any(STREAMS), List.of());
    }
}
