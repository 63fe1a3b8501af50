package dev.tutti.faults.judge;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.JsonSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** Somebody who follows a feed at one instance, and comes back with the version that they have. For one thread. */
final class FollowedFeed {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration PING = Duration.ofSeconds(2);

    private final Api api;
    private final URI instance;
    private final Account account;
    private final String key;
    private final BiConsumer<Long, JsonNode> told;
    private volatile long held;

    /** Nobody yet; {@code told} is given the version that was held before, and what was told then. */
    FollowedFeed(Api api, URI instance, Account account, String key, BiConsumer<Long, JsonNode> told) {
        this.api = api;
        this.instance = instance;
        this.account = account;
        this.key = key;
        this.told = told;
    }

    /** The version that they have; 0 for none. For any thread. */
    long held() {
        return held;
    }

    /** Follows it until it is interrupted. */
    void follow() throws InterruptedException {
        while (true) {
            try (JsonSocket socket = JsonSocket.open(api, instance, account)) {
                socket.say(Map.of("op", "feed.subscribe", "id", 1, "key", key, "version", held));
                listen(socket);
            } catch (IOException away) {
                // then it is tried again, as after a refusal
            }
            Thread.sleep(PAUSE);
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
}
