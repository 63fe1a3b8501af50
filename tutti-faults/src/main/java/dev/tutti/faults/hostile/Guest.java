package dev.tutti.faults.hostile;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.TextSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who talks in a room, from an address of ordinary people: publishes over {@code /ws} and measures how long the
 * acknowledgement takes; now and then comes anew, publishes over REST, and logs in. Runs on one virtual thread.
 */
final class Guest {
    /** The counts and latencies of all guests in one phase. */
    static final class Tally {
        final Latencies acknowledgements = new Latencies();
        final AtomicInteger connections = new AtomicInteger();
        final AtomicInteger bodies = new AtomicInteger();
        final AtomicInteger logins = new AtomicInteger();
        final Queue<String> reasons = new ConcurrentLinkedQueue<>();

        private void refused(AtomicInteger what, String reason) {
            what.incrementAndGet();
            reasons.add(reason);
        }
    }

    private static final String ROOM = "room:hostile";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAUSE_MILLIS = 100;
    private static final int TURN = 10; // of ten messages one is followed by something else

    private final URI server;
    private final Account account;
    private final int number;
    private final Api api;
    private int turn;

    Guest(URI server, Account account, int number, InetAddress address) {
        this.server = server;
        this.account = account;
        this.number = number;
        this.api = new Api(address);
    }

    /** Talks until {@code goOn} says no, and says one thing at least, however busy the machine is. */
    void talk(Tally tally, BooleanSupplier goOn) throws InterruptedException {
        do {
            try (Line line = new Line()) {
                line.awaitHello();
                for (int i = 0; i == 0 || (i < TURN && goOn.getAsBoolean()); i++) {
                    long begin = System.nanoTime();
                    line.publish(begin);
                    tally.acknowledgements.add(System.nanoTime() - begin);
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (IOException | CompletionException refused) {
                tally.refused(tally.connections, String.valueOf(refused.getCause()));
            }
            turn++;
            if (goOn.getAsBoolean()) {
                post(tally);
            }
        } while (goOn.getAsBoolean());
    }

    private void post(Tally tally) throws InterruptedException {
        send(tally, tally.bodies, "/api/streams/" + ROOM, Map.of("type", "said", "data", "x".repeat(2_000)));
        // hashes cost much, and people log in seldom
        if ((turn + number) % TURN == 0) {
            Map<String, String> form = Map.of("name", account.name(), "password", Account.PASSWORD);
            send(tally, tally.logins, "/api/auth/login", form);
        }
    }

    private void send(Tally tally, AtomicInteger what, String path, Map<String, String> body)
            throws InterruptedException {
        try {
            Api.Answer answer = api.send(server, "POST", path, account, body);
            if (!answer.isDone()) {
                tally.refused(what, path + " " + answer.status() + " " + answer.body());
            }
        } catch (IOException broken) {
            tally.refused(what, path + " " + broken);
        }
    }

    void close() {
        api.close();
    }

    /** One WebSocket. */
    private final class Line implements TextSocket.TextListener, AutoCloseable {
        private final CompletableFuture<@Nullable Void> hello = new CompletableFuture<>();
        private volatile CompletableFuture<@Nullable Void> answer = hello;
        private final TextSocket socket;

        Line() throws IOException, InterruptedException {
            socket = api.webSocket(server.resolve("/ws"), account, PATIENCE, this);
        }

        void awaitHello() {
            hello.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        }

        void publish(long id) throws InterruptedException {
            CompletableFuture<@Nullable Void> next = new CompletableFuture<>();
            answer = next;
            if (socket.hasEndedWithin(Duration.ZERO)) {
                throw new CompletionException(new IOException("not open"));
            }
            socket.say("{\"op\":\"publish\",\"id\":" + id + ",\"stream\":\"" + ROOM
                    + "\",\"type\":\"said\",\"data\":\"hello\"}");
            next.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        }

        @Override
        public void onText(TextSocket from, String message) {
            if (message.contains("\"op\":\"error\"")) {
                answer.completeExceptionally(new IOException(message));
            } else {
                answer.complete(null);
            }
        }

        @Override
        public void onEnd(String why) {
            answer.completeExceptionally(new IOException(why));
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
