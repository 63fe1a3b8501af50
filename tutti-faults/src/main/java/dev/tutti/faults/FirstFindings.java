package dev.tutti.faults;

import dev.tutti.tck.history.Audience;
import dev.tutti.tck.history.Entry;
import dev.tutti.tck.history.Entry.Received;
import dev.tutti.tck.history.Fault;
import dev.tutti.tck.history.Finding;
import dev.tutti.tck.history.History;
import dev.tutti.tck.history.HistoryChecker;
import dev.tutti.tck.history.Logged;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is certainly wrong though the run goes on, as nothing that comes later can explain it: a limit was exceeded, an
 * acknowledged message is not in the log, a client was given an event and not the one before. For one thread; blocks.
 */
final class FirstFindings {
    /** Reads the log as it is. */
    interface Reading {
        Map<String, List<Logged>> read() throws IOException, InterruptedException;
    }

    private record Share(String client, String stream) {}

    private final History history;
    private final Watch watch;
    private final Reading reading;

    FirstFindings(History history, Watch watch, Reading reading) {
        this.history = history;
        this.watch = watch;
        this.reading = reading;
    }

    /** What is there by now; nothing of the history while no log can be read. */
    List<Finding> now() throws InterruptedException {
        List<Finding> found = new ArrayList<>(watch.findings());
        found.removeIf(finding -> finding.fault() != Fault.OVER_LIMIT); // others: nobody has looked yet
        List<Entry> entries = history.entries();
        try {
            Map<String, List<Logged>> log = reading.read();
            found.addAll(notStored(entries, log));
            found.addAll(leftOut(entries, log));
        } catch (IOException away) {
            // next time, then
        }
        return found;
    }

    private static List<Finding> notStored(List<Entry> entries, Map<String, List<Logged>> log) {
        List<Entry> sends =
                entries.stream().filter(entry -> !(entry instanceof Received)).toList();
        return lost(sends, log, new Audience());
    }

    /** Events before the last one that each client was given of a stream, behind the first. */
    private static List<Finding> leftOut(List<Entry> entries, Map<String, List<Logged>> log) {
        Map<Share, List<Entry>> shares = new HashMap<>();
        for (Entry entry : entries) {
            if (entry instanceof Received) {
                shares.computeIfAbsent(new Share(entry.client(), entry.stream()), _ -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<Finding> found = new ArrayList<>();
        shares.forEach((share, received) -> {
            long first = ((Received) received.getFirst()).seq();
            long last = ((Received) received.getLast()).seq();
            List<Logged> until = log.getOrDefault(share.stream(), List.of()).stream()
                    .filter(event -> event.seq() <= last)
                    .toList();
            Audience audience = new Audience().entitled(share.client(), share.stream(), first - 1);
            found.addAll(lost(received, Map.of(share.stream(), until), audience));
        });
        return found;
    }

    private static List<Finding> lost(List<Entry> entries, Map<String, List<Logged>> log, Audience audience) {
        return HistoryChecker.check(entries, log, audience).findings().stream()
                .filter(finding -> finding.fault() == Fault.LOST)
                .toList();
    }
}
