package dev.tutti.faults.judge;

import dev.tutti.testkit.client.JsonSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who follows a feed at one instance, and comes back with the version that they have. Follows on a virtual thread of its
 * own; otherwise safe for use by many threads.
 */
final class FollowedFeed {
    /** Connects to the instance. */
    interface SocketOpener {
        JsonSocket open() throws IOException, InterruptedException;
    }

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration PING = Duration.ofSeconds(2);

    private final URI instance;
    private final SocketOpener opener;
    private final String key;
    private final BiConsumer<Long, JsonNode> told;
    private final Consumer<RuntimeException> failed;
    private final Thread thread = Thread.ofVirtual().name("follower").unstarted(this::follow);
    private volatile long held;

    /**
     * Nobody yet; {@code told} is given the version that was held before, and what was told then.
     *
     * @param opener connects to {@code instance}
     * @param failed is told of a failure that no outage explains, after which the follower comes back as after an outage
     */
    FollowedFeed(
            URI instance,
            SocketOpener opener,
            String key,
            BiConsumer<Long, JsonNode> told,
            Consumer<RuntimeException> failed) {
        this.instance = instance;
        this.opener = opener;
        this.key = key;
        this.told = told;
        this.failed = failed;
    }

    /** Begins to follow it; called once. */
    void start() {
        thread.start();
    }

    /** Ends that, soon. Idempotent. */
    void stop() {
        thread.interrupt();
    }

    URI instance() {
        return instance;
    }

    /** The version that they have; 0 for none. */
    long held() {
        return held;
    }

    private void follow() {
        try {
            while (true) {
                connect();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows it until it has to come back. */
    private void connect() throws InterruptedException {
        try (JsonSocket socket = opener.open()) {
            socket.say(Map.of("op", "feed.subscribe", "id", 1, "key", key, "version", held));
            listen(socket);
        } catch (IOException away) {
            // then it is tried again, as after a refusal
        } catch (RuntimeException defect) {
            failed.accept(defect);
        }
    }

    /** Until the connection has ended, nothing is heard of it any more, or the subscription was refused, as in an outage. */
    private void listen(JsonSocket socket) throws InterruptedException {
        long heard = System.nanoTime();
        long asked = heard;
        while (!socket.hasEndedWithin(Duration.ZERO) && System.nanoTime() - heard < SILENCE.toNanos()) {
            Optional<JsonNode> message = socket.hear(PAUSE);
            if (message.isPresent()) {
                heard = System.nanoTime();
            }
            String said = message.map(each -> each.path("op").asString("")).orElse("");
            if (said.equals("error")) {
                return;
            }
            if (said.equals("feed")) {
                take(message.orElseThrow());
            }
            if (System.nanoTime() - asked > PING.toNanos()) {
                asked = System.nanoTime();
                socket.say(Map.of("op", "ping", "id", 2));
            }
        }
    }

    private void take(JsonNode state) {
        told.accept(held, state);
        held = state.path("version").asLong();
    }

    /** How they are now. */
    @Override
    public String toString() {
        return "the one at " + instance + " has version " + held + " and "
                + (thread.isAlive() ? "goes on" : "does not go on");
    }
}
