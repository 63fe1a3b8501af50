package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.history.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * A judge with a client that lies, at one instance after the other: cursors ahead of the log, marks of streams that are not its own or
 * ahead of the log, tokens made up or old. A lie is answered with a gap or a refusal, and brings nothing that is not the
 * client's own. The effect of lies on others shows in the others' history.
 */
public final class LyingClientJudge extends Watcher {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15); // longer than a link to clients is disturbed
    private static final Duration LISTENING = Duration.ofSeconds(2);
    private static final List<Long> AHEAD =
            List.of(1_000_000L, (1L << 53) - 1, 1_000_000_000_000_000_000L - 1, Long.MAX_VALUE);

    private final FaultCluster cluster;
    private final List<URI> instances;
    private final Account account;
    private final String room;
    private final List<String> foreign;
    private final Random random;
    private final Api api = new Api();
    private String position = ""; // an old one, given to an earlier connection

    /**
     * Begins.
     *
     * @param room which everybody may read
     * @param foreign streams that {@code account} may not read
     */
    public static LyingClientJudge of(
            FaultCluster cluster, Account account, String room, List<String> foreign, Random random) {
        LyingClientJudge judge = new LyingClientJudge(cluster, account, room, foreign, random);
        judge.start("lying-client", judge::run);
        return judge;
    }

    private LyingClientJudge(FaultCluster cluster, Account account, String room, List<String> foreign, Random random) {
        this.cluster = cluster;
        this.instances = cluster.proxied();
        this.account = account;
        this.room = room;
        this.foreign = List.copyOf(foreign);
        this.random = random;
    }

    private void run() throws InterruptedException {
        while (true) {
            int instance = random.nextInt(instances.size());
            try (JsonSocket socket = JsonSocket.open(api, instances.get(instance), account)) {
                lie(instance, socket);
            } catch (IOException away) {
                // another one, then
            }
            Thread.sleep(PAUSE);
        }
    }

    private void lie(int instance, JsonSocket socket) throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> aheadOfTheLog(instance, socket, random.nextBoolean() ? room : "user:" + account.id());
            case 1 -> say(socket, "subscribe", Map.of("stream", any(foreign), "after", 0));
            case 2 -> say(socket, "follow", Map.of("token", position + "~" + any(foreign) + "@" + random.nextInt(5)));
            default -> say(socket, "follow", Map.of("token", position + "~user:" + account.id() + "@" + any(AHEAD)));
        }
        long end = System.nanoTime() + random.nextLong(LISTENING.toNanos());
        for (Optional<JsonNode> next = socket.hear(PAUSE); System.nanoTime() < end; next = socket.hear(PAUSE)) {
            next.ifPresent(this::look);
        }
    }

    /**
     * Nobody who claims to have seen what is not there is told that all is well. The gap comes when the log was read, which takes an
     * instance that is let alone.
     */
    private void aheadOfTheLog(int instance, JsonSocket socket, String stream) throws InterruptedException {
        long after = any(AHEAD);
        say(socket, "subscribe", Map.of("stream", stream, "after", after));
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean agreed = false;
        while (System.nanoTime() < end && !socket.hasEndedWithin(Duration.ZERO)) {
            Optional<JsonNode> message = socket.hear(PAUSE);
            message.ifPresent(this::look);
            String op = message.map(each -> each.path("op").asString("")).orElse("");
            if (op.equals("gap") || op.equals("error")) {
                judged();
                return;
            }
            agreed |= op.equals("ok");
        }
        if (agreed && !socket.hasEndedWithin(Duration.ZERO) && cluster.undisturbed(instance, PATIENCE)) {
            found(
                    Fault.BELIEVED,
                    stream,
                    "a subscription behind " + after + ", which is not there, was told of no gap");
        }
    }

    private void say(JsonSocket socket, String op, Map<String, Object> fields) {
        Map<String, Object> message = new HashMap<>(fields);
        message.put("op", op);
        message.put("id", 1);
        socket.say(message);
    }

    private void look(JsonNode message) {
        switch (message.path("op").asString("")) {
            case "position" ->
                position = random.nextInt(10) == 0 ? message.path("token").asString("") : position;
            case "event" -> {
                String stream = message.path("stream").asString("");
                if (foreign.contains(stream)) {
                    found(
                            Fault.LEAKED,
                            stream,
                            "was read by lying: seq " + message.path("seq").asLong());
                }
                judged();
            }
            default -> {
                // answers
            }
        }
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @Override
    void release() {
        api.close();
    }

    @Override
    public String line() {
        return count() + " answers to lies judged";
    }
}
