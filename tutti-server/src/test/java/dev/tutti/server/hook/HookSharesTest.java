package dev.tutti.server.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.server.config.Configuration;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.testkit.http.LoopbackServer;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A backend that is slow, and an account that asks for more than anybody else. */
class HookSharesTest {
    private static final Handshake HANDSHAKE = new Handshake("127.0.0.1", Map.of(), Map.of(), Map.of());
    private static final JsonCodec JSON = new JsonCodec();
    private static final int CONCURRENCY = 64;
    private static final int FLOOD = 200;

    private final Queue<Object> asked = new ConcurrentLinkedQueue<>(); // the users
    private final Queue<ErrorCode> refused = new ConcurrentLinkedQueue<>();
    private final CountDownLatch go = new CountDownLatch(1);

    private static Configuration configuration(String url) {
        return HookConfiguration.of(
                url, Map.of("TUTTI_HOOK_CONCURRENCY", Integer.toString(CONCURRENCY), "TUTTI_HOOK_TIMEOUT", "20s"));
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        Map<?, ?> question = JSON.read(exchange.getRequestBody().readAllBytes(), Map.class);
        asked.add(String.valueOf(question.get("user")));
        boolean _ = go.await(20, TimeUnit.SECONDS);
        LoopbackServer.answer(exchange, 200, "{\"allow\": true}");
    }

    private void connect(Hooks hooks, String user) {
        try {
            hooks.requireConnect(new Principal(user, "jwt." + user, Instant.MAX), HANDSHAKE);
        } catch (TuttiException refusal) {
            refused.add(refusal.code());
        }
    }

    private long asked(String user) {
        return asked.stream().filter(user::equals).count();
    }

    @Test
    void oneAccountLeavesPermitsForTheOthers() throws IOException {
        try (LoopbackServer server = new LoopbackServer().on("/", this::answer);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Tutti tutti = Tutti.on(MemoryBackend.open()).start();
                Hooks hooks = Hooks.of(configuration(server.url()), tutti, Clock.systemUTC(), System::nanoTime)
                        .orElseThrow()) {
            for (int i = 0; i < FLOOD; i++) {
                threads.execute(() -> connect(hooks, "flood"));
            }
            await().until(() -> asked("flood") + refused.size() == FLOOD);
            assertThat(asked("flood")).isEqualTo(CONCURRENCY / 2);
            assertThat(refused).containsOnly(ErrorCode.OVERLOADED);

            Future<?> bob = threads.submit(() -> connect(hooks, "bob"));

            await().until(() -> asked("bob") == 1);
            go.countDown();
            assertThatCode(bob::get).doesNotThrowAnyException();
            assertThat(refused).hasSize(FLOOD - CONCURRENCY / 2);
            await().untilAsserted(() -> {
                connect(hooks, "flood"); // what it had has come back
                assertThat(asked("flood")).isGreaterThan(CONCURRENCY / 2);
            });
        } finally {
            go.countDown();
        }
    }
}
