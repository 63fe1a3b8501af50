package dev.tutti.bench.cluster;

import dev.tutti.bench.load.Followed;
import dev.tutti.bench.load.Stamp;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ServerApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * People who each send to a group of their own, at a steady rate, and repeat what was not accepted under the same id until
 * it is. Each is a virtual thread, and has one request under way at a time.
 */
final class SteadySenders implements AutoCloseable {
    /** Is told of each message that was accepted: in which group, and at which seq. */
    @FunctionalInterface
    interface Listener {
        void onAccepted(int group, long seq);
    }

    /**
     * Somebody and their group.
     *
     * @param group the conversation's id
     * @param last the seq of its last message before anything is sent
     * @param token from where on what they follow is not known yet
     */
    record Sender(Account account, String group, long last, String token) {
        /** Their streams, for clients that follow them. */
        Followed followed() {
            return new Followed(account.token(), "conversation:" + group, last, token);
        }
    }

    /**
     * The counts of all that was sent until now.
     *
     * @param accepted messages
     * @param nanos in which time
     * @param repeated of them, those that an earlier request which got no answer had brought already
     * @param refused answers that were none of success, by status
     * @param unanswered requests, by what happened
     * @param latencies from the time a message was due until it was accepted, in nanoseconds
     */
    record Tally(
            long accepted,
            long repeated,
            long nanos,
            Map<String, Long> refused,
            Map<String, Long> unanswered,
            Histogram latencies) {
        double perSecond() {
            return accepted * 1e9 / nanos;
        }
    }

    private static final int TEXT_BYTES = 100;
    private static final int ALREADY_THERE = 200; // what is new is answered with 201
    private static final long PAUSE_NANOS = 20_000_000;

    private final List<ServerApi> doors;
    private final List<Sender> senders;
    private final Listener listener;
    private final long intervalNanos;
    private final String prefix = Long.toString(System.nanoTime(), 36) + "-";
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> refused = new TreeMap<>(); // guarded by this, as what follows
    private final Map<String, Long> unanswered = new TreeMap<>();
    private final Histogram latencies = new Histogram(3);
    private final long began = System.nanoTime();
    private long accepted;
    private long repeated;
    private volatile boolean over;

    /** Begins; {@code perSecond} messages by all together, through {@code doors} in turn. */
    SteadySenders(List<ServerApi> doors, List<Sender> senders, int perSecond, Listener listener) {
        this.doors = List.copyOf(doors);
        this.senders = List.copyOf(senders);
        this.listener = listener;
        intervalNanos = TimeUnit.SECONDS.toNanos(senders.size()) / perSecond;
        for (int i = 0; i < senders.size(); i++) {
            int number = i;
            threads.execute(() -> speak(number, began + intervalNanos * number / this.senders.size()));
        }
    }

    private void speak(int number, long begin) {
        long due = begin;
        for (int message = 0; !over; message++) {
            while (System.nanoTime() < due && !over) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sendUntilAccepted(number, prefix + message, due);
            due += intervalNanos;
        }
    }

    private void sendUntilAccepted(int number, String id, long due) {
        Sender sender = senders.get(number);
        ServerApi door = doors.get(number % doors.size());
        String path = "/api/conversations/" + sender.group() + "/messages";
        Map<String, String> message = Map.of("id", id, "text", Stamp.text(System.nanoTime(), TEXT_BYTES));
        while (true) {
            try {
                Api.Answer answer = door.send("POST", path, sender.account(), message);
                if (answer.isDone()) {
                    listener.onAccepted(number, answer.body().path("seq").asLong());
                    accepted(System.nanoTime() - due, answer.status() == ALREADY_THERE);
                    return;
                }
                count(refused, Integer.toString(answer.status()));
            } catch (IOException failure) {
                count(unanswered, String.valueOf(failure.getMessage()));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted", interrupt);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private synchronized void accepted(long nanos, boolean again) {
        accepted++;
        repeated += again ? 1 : 0;
        latencies.recordValue(Math.max(0, nanos));
    }

    private synchronized void count(Map<String, Long> counts, String what) {
        counts.merge(what, 1L, Long::sum);
    }

    private synchronized Tally tally() {
        return new Tally(
                accepted,
                repeated,
                System.nanoTime() - began,
                Map.copyOf(refused),
                Map.copyOf(unanswered),
                latencies.copy());
    }

    /** Sends nothing more, waits until what was begun is accepted, and says what was sent. */
    Tally finish() {
        close();
        return tally();
    }

    @Override
    public void close() {
        over = true;
        threads.close();
    }
}
