package dev.tutti.testkit.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client with a virtual thread of its own, which connects to the next instance whenever a connection has ended, until the client is
 * closed. Safe for use by many threads.
 */
abstract class ReconnectingClient implements Client {
    /** The longest time that the client waits for an answer, and for a connection. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String CONVERSATION = "conversation:";

    /** The requests of the present connection that wait for their answers. */
    final PendingReplies answers = new PendingReplies(this::leave);

    private final Addresses addresses;
    private final Account account;
    private final List<String> streams;
    private final ClientDeliveries seen;
    private final Thread driver = Thread.ofVirtual().unstarted(this::stayConnected);
    private final AtomicLong requests = new AtomicLong();
    private volatile boolean closed;

    ReconnectingClient(Addresses addresses, Account account, List<String> streams, ClientDeliveries seen) {
        this.addresses = addresses;
        this.account = account;
        this.streams = List.copyOf(streams);
        this.seen = seen;
    }

    /** The id of a new request. */
    final long request() {
        return requests.incrementAndGet();
    }

    /** The id of the conversation whose stream is {@code stream}. */
    static String conversation(String stream) {
        return stream.substring(CONVERSATION.length());
    }

    @Override
    public final void open() {
        driver.start();
    }

    private void stayConnected() {
        try {
            while (!closed) {
                try {
                    connect(addresses.next());
                } finally {
                    answers.none();
                }
                pause();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Connects to {@code address}, and blocks until the connection has ended. */
    abstract void connect(URI address) throws InterruptedException;

    /** Gives up the present connection, because nothing arrives through it. Does not block. */
    abstract void leave();

    /** Blocks between two connections. */
    void pause() throws InterruptedException {
        Thread.sleep(PAUSE);
    }

    @Override
    public final Account account() {
        return account;
    }

    @Override
    public final List<String> streams() {
        return streams;
    }

    @Override
    public final ClientDeliveries seen() {
        return seen;
    }

    @Override
    public void close() {
        closed = true;
        leave();
        driver.interrupt();
    }
}
