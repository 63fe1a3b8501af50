package dev.tutti.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks a complete run: compares the history of the clients with the final log and with the entitlements. Stateless.
 *
 * <p>For the log: the seqs of a stream have no hole, no key occurs twice, and every event with a key was sent by a client. For each
 * message: if it was acknowledged, it is in the log with the acknowledged seq, after all messages that had been acknowledged before it was
 * sent. If all attempts were refused, it is not in the log. Otherwise it is there at most once. For each client: all events to which it is
 * entitled were delivered, once and in order, and no others; or the client was told of a gap of events that are really no longer kept.
 */
public final class HistoryChecker {
    private final Map<String, List<LogEntry>> log;
    private final Map<String, Long> dropped;
    private final ExpectedDeliveries expected;
    private final List<Finding> findings = new ArrayList<>();

    private HistoryChecker(Map<String, List<LogEntry>> log, Map<String, Long> dropped, ExpectedDeliveries expected) {
        this.log = log;
        this.dropped = dropped;
        this.expected = expected;
    }

    /**
     * Checks a run that has ended, after everything was delivered.
     *
     * @param entries all entries of the history
     * @param log the events of every stream, in the order of the log
     * @param expected the entitlements of the clients
     */
    public static Verdict check(List<Entry> entries, Map<String, List<LogEntry>> log, ExpectedDeliveries expected) {
        return check(entries, log, Map.of(), expected);
    }

    /**
     * The same for a system that drops old events.
     *
     * @param dropped the last seq of each stream that is no longer kept; streams without dropped events may be left out
     */
    public static Verdict check(
            List<Entry> entries,
            Map<String, List<LogEntry>> log,
            Map<String, Long> dropped,
            ExpectedDeliveries expected) {
        return new HistoryChecker(log, dropped, expected).judge(entries);
    }

    private Verdict judge(List<Entry> entries) {
        Map<String, SendOutcomes> sends = SendOutcomes.read(entries);
        Set<String> streams = new TreeSet<>(log.keySet());
        streams.addAll(sends.keySet());
        expected.streams().forEach(streams::add);
        Map<String, Map<String, List<Entry.Received>>> received = byStream(Entry.Received.class, entries);
        Map<String, Map<String, List<Entry.Gap>>> gaps = byStream(Entry.Gap.class, entries);
        int sent = 0;
        int acknowledged = 0;
        int refused = 0;
        for (String stream : streams) {
            SendOutcomes here = sends.getOrDefault(stream, new SendOutcomes());
            Map<Long, @Nullable String> keys = readLog(stream, here);
            checkSends(stream, here);
            checkDeliveries(
                    stream,
                    keys,
                    received.getOrDefault(stream, Map.of()),
                    new Gaps(dropped(stream), gaps.getOrDefault(stream, Map.of())));
            sent += here.all().size();
            acknowledged += (int)
                    here.all().stream().filter(SendOutcomes.Send::acknowledged).count();
            refused +=
                    (int) here.all().stream().filter(SendOutcomes.Send::refused).count();
        }
        int deliveries =
                (int) entries.stream().filter(Entry.Received.class::isInstance).count();
        return new Verdict(findings, sent, acknowledged, refused, sent - acknowledged - refused, deliveries);
    }

    private Map<Long, @Nullable String> readLog(String stream, SendOutcomes sends) {
        Map<Long, @Nullable String> keys = new HashMap<>();
        Map<String, Long> places = new HashMap<>();
        long last = dropped(stream);
        for (LogEntry event : log.getOrDefault(stream, List.of())) {
            if (event.seq() != last + 1) {
                found(Fault.HOLE, stream, "the log has seq " + event.seq() + " behind seq " + last);
            }
            last = event.seq();
            keys.put(event.seq(), event.key());
            if (event.key() == null) {
                continue;
            }
            Long before = places.put(event.key(), event.seq());
            if (before != null) {
                found(
                        Fault.DUPLICATE,
                        stream,
                        "message " + event.key() + " is in the log as seq " + before + " and again as seq "
                                + event.seq());
            }
            if (!sends.sent(event.key())) {
                found(
                        Fault.PHANTOM,
                        stream,
                        "seq " + event.seq() + " of the log is message " + event.key() + ", which nobody sent");
            }
        }
        return keys;
    }

    private void checkSends(String stream, SendOutcomes sends) {
        Map<String, Long> places = new HashMap<>();
        for (LogEntry event : log.getOrDefault(stream, List.of())) {
            if (event.key() != null) {
                places.putIfAbsent(event.key(), event.seq());
            }
        }
        for (SendOutcomes.Send send : sends.all()) {
            Long place = places.get(send.key);
            if (place == null) {
                if (send.acknowledged() && send.places.last() > dropped(stream)) {
                    found(
                            Fault.LOST,
                            stream,
                            send + " was acknowledged as seq " + send.places + " and is not in the log");
                }
                continue;
            }
            if (send.refused()) {
                found(Fault.REFUSED_YET_STORED, stream, send + " was refused and is in the log as seq " + place);
            }
            if (send.acknowledged() && (send.places.size() > 1 || !send.places.contains(place))) {
                found(
                        Fault.MISPLACED,
                        stream,
                        send + " was acknowledged as seq " + send.places + " and is in the log as seq " + place);
            }
            if (place <= send.floor) {
                found(
                        Fault.OVERTAKEN,
                        stream,
                        send + " is seq " + place + ", although seq " + send.floor
                                + " had been acknowledged before it was sent");
            }
        }
        for (Entry answer : sends.unexplained()) {
            found(
                    Fault.UNEXPLAINED,
                    stream,
                    "an answer to a send that never began, or was answered already: " + answer);
        }
    }

    private void checkDeliveries(
            String stream, Map<Long, @Nullable String> keys, Map<String, List<Entry.Received>> received, Gaps gaps) {
        gaps.needless()
                .forEach(gap -> found(
                        Fault.NEEDLESS_GAP,
                        stream,
                        gap.client() + " was told that seq " + (gap.after() + 1) + " to " + gap.resume()
                                + " are no longer kept, and what is behind seq " + dropped(stream) + " is"));
        Map<String, Long> entitled = expected.of(stream);
        received.forEach((client, events) -> {
            Long after = entitled.get(client);
            if (after == null) {
                found(
                        Fault.LEAKED,
                        stream,
                        client + " was given " + events.size() + " events, beginning with seq "
                                + events.getFirst().seq() + ", and is entitled to none");
            }
        });
        entitled.forEach((client, after) -> {
            List<Entry.Received> events = received.getOrDefault(client, List.of());
            Set<Long> seen = checkShare(stream, client, after, keys, events);
            for (long seq = after + 1; seq <= dropped(stream); seq++) {
                if (!seen.contains(seq) && !gaps.cover(client, seq)) {
                    found(Fault.LOST, stream, client + " was never given seq " + seq + ", nor told of a gap there");
                }
            }
        });
    }

    private Set<Long> checkShare(
            String stream, String client, long after, Map<Long, @Nullable String> keys, List<Entry.Received> events) {
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (Entry.Received event : events) {
            long seq = event.seq();
            String what =
                    client + " was given seq " + seq + (event.key() == null ? "" : ", message " + event.key() + ",");
            boolean kept = seq > dropped(stream);
            if (kept && !keys.containsKey(seq)) {
                found(Fault.PHANTOM, stream, what + " which is not in the log");
                continue;
            }
            if (kept && !Objects.equals(keys.get(seq), event.key())) {
                found(Fault.PHANTOM, stream, what + " but the log has message " + keys.get(seq) + " there");
            }
            if (seq <= after) {
                found(Fault.LEAKED, stream, what + " and is entitled only to what is behind seq " + after);
            }
            if (!seen.add(seq)) {
                found(Fault.DUPLICATE, stream, what + " again");
            } else if (seq < last) {
                found(Fault.OUT_OF_ORDER, stream, what + " behind seq " + last);
            }
            last = Math.max(last, seq);
        }
        for (Long seq : new TreeSet<>(keys.keySet())) {
            if (seq > after && !seen.contains(seq)) {
                found(Fault.LOST, stream, client + " was never given seq " + seq + ", message " + keys.get(seq));
            }
        }
        return seen;
    }

    private long dropped(String stream) {
        return dropped.getOrDefault(stream, 0L);
    }

    /** The entries of one kind, by stream and client. */
    private static <E extends Entry> Map<String, Map<String, List<E>>> byStream(Class<E> kind, List<Entry> entries) {
        Map<String, Map<String, List<E>>> streams = new HashMap<>();
        for (Entry entry : entries) {
            if (kind.isInstance(entry)) {
                streams.computeIfAbsent(entry.stream(), _ -> new HashMap<>())
                        .computeIfAbsent(entry.client(), _ -> new ArrayList<>())
                        .add(kind.cast(entry));
            }
        }
        return streams;
    }

    private void found(Fault fault, String stream, String text) {
        findings.add(new Finding(fault, stream, text));
    }
}
