package dev.tutti.cli.proof.presence;

import dev.tutti.cli.proof.client.Talker;
import dev.tutti.testkit.client.Account;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who watches somebody else, by the official Socket.IO client, and connects to the next instance when one sends
 * its connections away. On a virtual thread of its own.
 *
 * <p>By polling: of a WebSocket that the server closes in order, that client for Java hears nothing until its pings are not
 * answered for 45 s, as it leaves the closing handshake (OkHttp's {@code onClosing}) unfinished.
 */
final class Roamer implements AutoCloseable {
    private static final int NOWHERE = -1;

    private final List<URI> addresses;
    private final Account account;
    private final Account other;
    private final List<Talker> connections = new CopyOnWriteArrayList<>();
    private final List<JsonNode> answers = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("roamer").unstarted(this::roam);
    private volatile boolean closed;
    private volatile int current = NOWHERE;
    private int next;

    private Roamer(List<URI> addresses, int first, Account account, Account other) {
        this.addresses = addresses;
        this.next = first;
        this.account = account;
        this.other = other;
    }

    /** {@code account}, who begins with the {@code first} of {@code addresses} and watches {@code other}. */
    static Roamer start(List<URI> addresses, int first, Account account, Account other) {
        Roamer roamer = new Roamer(addresses, first, account, other);
        roamer.thread.start();
        return roamer;
    }

    private void roam() {
        while (!closed) {
            int instance = next++ % addresses.size();
            try (Talker talker = Talker.connect(addresses.get(instance), account, "polling")) {
                connections.add(talker);
                answers.add(talker.watch(other));
                current = instance;
                talker.awaitEnd();
            } catch (InterruptedException end) {
                return;
            } catch (Exception elsewhere) {
                // that one is down, or going down
            }
            current = NOWHERE;
        }
    }

    /** How often this one has connected and been answered. */
    int connections() {
        return answers.size();
    }

    /** Whether this one is connected, to another instance than the {@code stopped} one. */
    boolean isElsewhere(int stopped) {
        int now = current;
        return now != NOWHERE && now != stopped;
    }

    /** Whether the other was ever told to be offline. */
    boolean hasSeenOffline() {
        return answers.stream()
                        .anyMatch(answer -> answer.path("online")
                                .valueStream()
                                .noneMatch(id -> id.asString().equals(other.id())))
                || connections.stream()
                        .flatMap(talker -> talker.presence().stream())
                        .anyMatch(change -> !change.path("online").asBoolean(true));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
