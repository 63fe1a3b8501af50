package dev.tutti.faults.client;

import dev.tutti.tck.history.History;
import java.time.Duration;
import java.util.Random;

/**
 * Somebody who sends message after message, and writes down what became of each. A try without an answer, or one that was
 * refused, is repeated with the same id, three times of four until it is acknowledged; the others are given up, so that
 * there are messages of which nobody knows. On a thread of its own.
 */
public final class Speaker implements Runnable {
    private static final long PAUSE_BETWEEN_TRIES_MILLIS = 200;

    private final Client client;
    private final History history;
    private final Random random;
    private final Duration pause;
    private volatile boolean stopped;

    /**
     * One who speaks for {@code client}.
     *
     * @param pause the longest pause between two messages
     */
    public Speaker(Client client, History history, Random random, Duration pause) {
        this.client = client;
        this.history = history;
        this.random = random;
        this.pause = pause;
    }

    /** Says what it is saying to the end, and no more. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; !stopped; i++) {
                say(client.streams().get(random.nextInt(client.streams().size())), "m" + i);
                Thread.sleep(random.nextLong(pause.toMillis()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String stream, String id) throws InterruptedException {
        String name = client.account().name();
        String key = client.key(id);
        boolean patient = random.nextInt(4) > 0;
        do {
            history.invoked(name, stream, key);
            switch (client.send(stream, id)) {
                case Outcome.Acknowledged(long seq) -> {
                    history.acknowledged(name, stream, key, seq);
                    return;
                }
                case Outcome.Refused(String why) -> history.refused(name, stream, key, why);
                case Outcome.Unknown() -> history.unknown(name, stream, key);
            }
            Thread.sleep(random.nextLong(PAUSE_BETWEEN_TRIES_MILLIS));
        } while (patient);
    }
}
