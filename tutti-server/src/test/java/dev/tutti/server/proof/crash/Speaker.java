package dev.tutti.server.proof.crash;

import dev.tutti.server.proof.Account;
import dev.tutti.tck.history.History;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody who sends message after message, and writes down what became of each. A try without an answer is repeated with
 * the same id, three times of four until it is acknowledged; the others are given up, so that there are messages of which
 * nobody knows.
 */
final class Speaker implements Runnable {
    /** Sends one message and waits for the answer, a bounded time. */
    interface Line {
        Outcome send(String stream, String id) throws InterruptedException;

        /** The key that the message has in the log of {@code stream}. */
        String key(Account account, String stream, String id);
    }

    private static final long PAUSE_BETWEEN_MESSAGES = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long PAUSE_BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(100);

    private final Account account;
    private final List<String> streams;
    private final Line line;
    private final History history;
    private final Random random;
    private final AtomicInteger acknowledged;
    private volatile boolean stopped;

    /**
     * One who speaks in {@code streams}.
     *
     * @param acknowledged counts for all speakers together
     */
    Speaker(
            Account account,
            List<String> streams,
            Line line,
            History history,
            Random random,
            AtomicInteger acknowledged) {
        this.account = account;
        this.streams = streams;
        this.line = line;
        this.history = history;
        this.random = random;
        this.acknowledged = acknowledged;
    }

    /** Says what it is saying to the end, and no more. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        for (int i = 0; !stopped; i++) {
            try {
                say(streams.get(random.nextInt(streams.size())), "m" + i);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            LockSupport.parkNanos(random.nextLong(PAUSE_BETWEEN_MESSAGES));
        }
    }

    private void say(String stream, String id) throws InterruptedException {
        String key = line.key(account, stream, id);
        boolean patient = random.nextInt(4) > 0;
        boolean done = false;
        while (!done) {
            history.invoked(account.name(), stream, key);
            switch (line.send(stream, id)) {
                case Outcome.Acknowledged(long seq) -> {
                    history.acknowledged(account.name(), stream, key, seq);
                    acknowledged.incrementAndGet();
                    return;
                }
                case Outcome.Refused(String why) -> history.refused(account.name(), stream, key, why);
                case Outcome.Unknown() -> history.unknown(account.name(), stream, key);
            }
            done = !patient;
            LockSupport.parkNanos(random.nextLong(PAUSE_BETWEEN_TRIES));
        }
    }
}
