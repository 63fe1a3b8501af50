package dev.tutti.bench.load;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The counts of all that the {@link Followers} saw. On their event loop alone; others are given a {@link Report}. */
public final class DeliveryCounts {
    /** A minute more than anybody measures; later seconds count as the last one. */
    private static final int SECONDS = 7_200;

    private final long began = System.nanoTime();
    private final int[] returnsPerSecond = new int[SECONDS];
    private final Histogram gaps = new Histogram(3);
    private final Map<String, Long> ends = new TreeMap<>();
    private final Map<String, Long> refusals = new TreeMap<>();
    private final Set<String> keys = new HashSet<>(); // as many as messages are sent
    private Histogram latencies = new Histogram(3);
    private long events;
    private long lost;
    private long repeated;
    private long disordered;
    private long storedTwice;
    private long gapsTold;
    private long returns;

    /** One event in the place where it belongs. */
    void inOrder(long nanos) {
        events++;
        if (nanos >= 0) {
            latencies.recordValue(nanos);
        }
    }

    /** An event that was sent under {@code key}; each is told by one follower of its stream alone. */
    void stored(String key) {
        if (!keys.add(key)) {
            storedTwice++;
        }
    }

    /** Event {@code seq} came before those behind {@code last}, which are put into {@code missing}. */
    void hole(long last, long seq, Set<Long> missing) {
        for (long absent = last + 1; absent < seq; absent++) {
            missing.add(absent);
        }
        lost += seq - last - 1;
    }

    /** Event {@code seq} came after later ones. */
    void late(long seq, Set<Long> missing) {
        if (missing.remove(seq)) {
            lost--;
            disordered++;
        } else {
            repeated++;
        }
    }

    void gapTold() {
        gapsTold++;
    }

    void ended(String how) {
        ends.merge(how, 1L, Long::sum);
    }

    void refused(String why) {
        refusals.merge(why, 1L, Long::sum);
    }

    void returned() {
        returns++;
        int second = (int) ((System.nanoTime() - began) / 1_000_000_000L);
        returnsPerSecond[Math.min(second, SECONDS - 1)]++;
    }

    void caughtUp(long nanos) {
        gaps.recordValue(nanos);
    }

    /** The latencies since the last time. */
    Histogram takeLatencies() {
        Histogram taken = latencies;
        latencies = new Histogram(3);
        return taken;
    }

    Report report() {
        int peak = 0;
        for (int count : returnsPerSecond) {
            peak = Math.max(peak, count);
        }
        return new Report(
                events,
                lost,
                repeated,
                disordered,
                storedTwice,
                gapsTold,
                returns,
                peak,
                gaps.copy(),
                Map.copyOf(ends),
                Map.copyOf(refusals));
    }

    /**
     * The counts of all that was seen until now.
     *
     * @param events that came in order
     * @param lost that did not come though later ones of the stream did
     * @param repeated that came once more
     * @param disordered that came after later ones
     * @param storedTwice that are in a stream under two seqs with the same key
     * @param gapsTold how often a server said that events are no longer kept
     * @param returns connections that were ready again
     * @param peakReturns the most of them within a second
     * @param gaps from each close until what was acknowledged by the return had come, in nanoseconds
     * @param ends of connections by close code; {@code cut} without one
     * @param refusals of connections and requests by what was said
     */
    public record Report(
            long events,
            long lost,
            long repeated,
            long disordered,
            long storedTwice,
            long gapsTold,
            long returns,
            int peakReturns,
            Histogram gaps,
            Map<String, Long> ends,
            Map<String, Long> refusals) {}
}
