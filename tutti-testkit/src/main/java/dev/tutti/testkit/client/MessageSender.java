package dev.tutti.testkit.client;

import dev.tutti.testkit.history.History;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends messages through a client until it is stopped, on a thread of its own, and records each attempt and its outcome in a {@link
 * History}. Three of four messages, chosen at random, are sent again with the same id until they are acknowledged. The others are sent
 * once, so that there are messages whose outcome is unknown. Safe for use by many threads.
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
     * Starts to send through {@code client}.
     *
     * @param random the source of randomness, which must not be used elsewhere
     * @param pause the longest pause between two messages
     */
    public static MessageSender start(Client client, History history, Random random, Duration pause) {
        MessageSender sender = new MessageSender(client, history, random, pause);
        sender.thread.start();
        return sender;
    }

    /** The name of the client's account. */
    public String name() {
        return client.account().name();
    }

    /** The number of acknowledged messages. */
    public int acknowledged() {
        return acknowledged.get();
    }

    /** Begins no more messages; the present message is still completed. Does not block. */
    public void stop() {
        stopped = true;
    }

    /** Waits until the sender has ended, for at most {@code time}; returns whether it has. */
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
