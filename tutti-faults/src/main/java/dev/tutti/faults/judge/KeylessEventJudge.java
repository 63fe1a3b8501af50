package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.Sampler;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.history.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * A judge of events that are published without a key, so that nothing but the server's own care keeps one from being stored
 * twice: each event is in the log once if it was acknowledged, and at most once if not.
 */
public final class KeylessEventJudge extends Watcher {
    private static final String STREAM = "room:keyless";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(30);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int PER_CONNECTION = 50;

    private final List<URI> instances;
    private final Account account;
    private final Random random;
    private final Sampler sampler;
    private final Api api = new Api();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private int texts;

    /** Begins. */
    public static KeylessEventJudge of(FaultCluster cluster, Account account, Random random) {
        KeylessEventJudge judge = new KeylessEventJudge(cluster, account, random);
        judge.start("keyless", judge::publish);
        judge.start("keyless-log", judge::look);
        return judge;
    }

    private KeylessEventJudge(FaultCluster cluster, Account account, Random random) {
        this.instances = cluster.proxied();
        this.sampler = cluster.sessions();
        this.account = account;
        this.random = random;
    }

    private void publish() throws InterruptedException {
        while (true) {
            try (JsonSocket socket = JsonSocket.open(api, instances.get(random.nextInt(instances.size())), account)) {
                boolean answered = true;
                for (int i = 0; i < PER_CONNECTION && answered; i++) {
                    answered = publish(socket, "text " + texts++);
                    Thread.sleep(PAUSE);
                }
            } catch (IOException away) {
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Whether there was an answer: what has none may be stored, or not, and is not sent again. */
    private boolean publish(JsonSocket socket, String text) throws InterruptedException {
        socket.say(Map.of("op", "publish", "id", text, "stream", STREAM, "type", "said", "data", text));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !socket.hasEndedWithin(Duration.ZERO)) {
            Optional<JsonNode> answer = socket.hear(PAUSE)
                    .filter(each -> each.path("id").asString("").equals(text));
            if (answer.isPresent()) {
                if (answer.get().path("op").asString("").equals("ok")) {
                    acknowledged.add(text);
                }
                return true;
            }
        }
        return false;
    }

    private void look() throws InterruptedException {
        while (true) {
            Thread.sleep(LOOK);
            repeated();
        }
    }

    private synchronized Optional<Map<String, Integer>> repeated() {
        Optional<Map<String, Integer>> log = sampler.stored(STREAM);
        log.ifPresent(stored -> stored.forEach((text, times) -> {
            if (times > 1 && told.add(text)) {
                found(
                        Fault.DUPLICATE,
                        STREAM,
                        text + " was published once, without a key, and is stored " + times + " times");
            }
        }));
        return log;
    }

    @Override
    void release() {
        api.close();
        repeated()
                .ifPresent(stored -> acknowledged.forEach(text -> {
                    judged();
                    if (!stored.containsKey(text)) {
                        found(Fault.LOST, STREAM, text + " was acknowledged and is not stored");
                    }
                }));
        sampler.close();
    }

    @Override
    public String line() {
        return count() + " events without a key judged";
    }
}
