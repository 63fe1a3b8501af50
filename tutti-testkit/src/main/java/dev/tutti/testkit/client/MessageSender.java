package dev.tutti.testkit.client;

import dev.tutti.testkit.history.History;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sender of message after message, which writes down the outcome of each. A try without an answer, or one that was
 * refused, is repeated with the same id, three times of four until it is acknowledged; the others are given up, so that
 * there are messages of which nobody knows. On a thread of its own.
 */
public final class MessageSender {
    private static final long PAUSE_BETWEEN_TRIES_MILLIS = 200;

    private final Client client;
    private final History history;
    private final Random random;
    private final Duration pause;
    private final Thread thread = Thread.ofVirtual().name("message-sender").unstarted(this::run);
    private volatile boolean stopped;
    private final AtomicInteger acknowledged = new AtomicInteger();

    private MessageSender(Client client, History history, Random random, Duration pause) {
        this.client = client;
        this.history = history;
        this.random = random;
        this.pause = pause;
    }

    /**
     * One who speaks for {@code client}.
     *
     * @param pause the longest pause between two messages
     */
    public static MessageSender start(Client client, History history, Random random, Duration pause) {
        MessageSender sender = new MessageSender(client, history, random, pause);
        sender.thread.start();
        return sender;
    }

    /** The name of its account. */
    public String name() {
        return client.account().name();
    }

    /** How many of its messages were acknowledged. */
    public int acknowledged() {
        return acknowledged.get();
    }

    /** Says what it is saying to the end, and no more. */
    public void stop() {
        stopped = true;
    }

    /** Whether it has, after waiting for that for at most {@code time}. */
    public boolean hasEndedWithin(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    private void run() {
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
        String name = name();
        String key = client.key(id);
        boolean patient = random.nextInt(4) > 0;
        do {
            history.invoked(name, stream, key);
            switch (client.send(stream, id)) {
                case Outcome.Acknowledged(long seq) -> {
                    history.acknowledged(name, stream, key, seq);
                    acknowledged.incrementAndGet();
                    return;
                }
                case Outcome.Refused(String why) -> history.refused(name, stream, key, why);
                case Outcome.Unknown() -> history.unknown(name, stream, key);
            }
            Thread.sleep(random.nextLong(PAUSE_BETWEEN_TRIES_MILLIS));
        } while (patient);
    }
}
