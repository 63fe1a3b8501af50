package dev.tutti.faults;

import dev.tutti.faults.judge.Judges;
import dev.tutti.testkit.history.Entry;
import dev.tutti.testkit.history.Entry.Gap;
import dev.tutti.testkit.history.Entry.Received;
import dev.tutti.testkit.history.ExpectedDeliveries;
import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.HistoryChecker;
import dev.tutti.testkit.history.LogEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;

/**
 * The findings that are certain while the run goes on, as nothing that comes later can explain them: a limit was exceeded, an
 * acknowledged message is not in the log, a client was given an event and not the one before. For one thread; blocks.
 */
final class FirstFindings {
    private record Share(String client, String stream) {}

    private final Workload workload;
    private final Watch watch;
    private final Judges judges;

    FirstFindings(Workload workload, Watch watch, Judges judges) {
        this.workload = workload;
        this.watch = watch;
        this.judges = judges;
    }

    /** The findings by now; none of the history while no log can be read. */
    List<Finding> now() throws InterruptedException {
        List<Finding> found = new ArrayList<>(watch.findings());
        found.removeIf(finding -> finding.fault() != Fault.OVER_LIMIT); // others: nobody has looked yet
        found.addAll(judges.soFar());
        List<Entry> entries = workload.history().entries();
        try {
            Log log = workload.log();
            found.addAll(notStored(entries, log));
            found.addAll(leftOut(entries, log));
        } catch (IOException away) {
            // next time, then
        }
        return found;
    }

    private static List<Finding> notStored(List<Entry> entries, Log log) {
        List<Entry> sends = entries.stream().filter(entry -> !isGiven(entry)).toList();
        return lost(sends, log, new ExpectedDeliveries());
    }

    private static boolean isGiven(Entry entry) {
        return entry instanceof Received || entry instanceof Gap;
    }

    /** Events before the last one that each client was given of a stream, behind the first. */
    private static List<Finding> leftOut(List<Entry> entries, Log log) {
        Map<Share, List<Entry>> shares = new HashMap<>();
        for (Entry entry : entries) {
            if (isGiven(entry)) {
                shares.computeIfAbsent(new Share(entry.client(), entry.stream()), _ -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<Finding> found = new ArrayList<>();
        shares.forEach((share, given) -> {
            String stream = share.stream();
            LongSummaryStatistics seqs = given.stream()
                    .filter(Received.class::isInstance)
                    .mapToLong(entry -> ((Received) entry).seq())
                    .summaryStatistics();
            if (seqs.getCount() == 0) {
                return;
            }
            List<LogEntry> until = log.of(stream).stream()
                    .filter(event -> event.seq() <= seqs.getMax())
                    .toList();
            long dropped = Math.min(log.dropped(stream), seqs.getMax());
            ExpectedDeliveries expected = new ExpectedDeliveries().entitled(share.client(), stream, seqs.getMin() - 1);
            found.addAll(lost(given, new Log(Map.of(stream, until), Map.of(stream, dropped)), expected));
        });
        return found;
    }

    private static List<Finding> lost(List<Entry> entries, Log log, ExpectedDeliveries expected) {
        return HistoryChecker.check(entries, log.events(), log.dropped(), expected).findings().stream()
                .filter(finding -> finding.fault() == Fault.LOST)
                .toList();
    }
}
