package dev.tutti.server.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.edge.stream.StreamRoutes;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.server.config.Configuration;
import dev.tutti.socket.Principal;
import dev.tutti.testkit.access.OpenAccess;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.http.LoopbackServer;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Appends over REST of a server whose backend is asked about them. */
class BatchHookTest {
    private static final Principal ANN = new Principal("ann", "jwt.1", Instant.MAX);
    private static final JsonCodec JSON = new JsonCodec();
    private static final String YES = "{\"allow\": true}";
    private static final int TOGETHER = 16;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>(); // the streams
    private final Api api = new Api(Duration.ofSeconds(60));
    private volatile UnaryOperator<String> backend = _ -> YES;
    private LoopbackServer server;
    private Tutti tutti;
    private Hooks hooks;
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer().on("/", this::answer);
        tutti = Tutti.on(MemoryBackend.open()).meters(meters).start();
        Configuration configuration = HookConfiguration.of(server.url(), Map.of("TUTTI_HOOK_TIMEOUT", "20s"));
        hooks = Hooks.of(configuration, tutti, Clock.systemUTC(), System::nanoTime)
                .orElseThrow();
        StreamGate gate = new StreamGate(tutti.streams(), _ -> ANN, hooks.access(new OpenAccess()));
        edge = Edge.of(tutti)
                .port(0)
                .routes(routes -> StreamRoutes.add(routes, gate, tutti.json()))
                .start();
    }

    @AfterEach
    void stop() {
        api.close();
        edge.close();
        hooks.close();
        tutti.close();
        server.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<?, ?> question = JSON.read(exchange.getRequestBody().readAllBytes(), Map.class);
        String stream = String.valueOf(question.get("stream"));
        asked.add(stream);
        LoopbackServer.answer(exchange, 200, backend.apply(stream));
    }

    private static List<String> rooms(int count) {
        return IntStream.range(0, count).mapToObj(i -> "room:" + i).toList();
    }

    private HttpResponse<String> append(Collection<String> streams) throws Exception {
        List<Map<String, Object>> batch = streams.stream()
                .map(stream -> Map.<String, Object>of("stream", stream, "type", "said", "data", 1))
                .toList();
        return api.send(URI.create("http://127.0.0.1:" + edge.port()), "POST", "/api/streams", null, batch)
                .response();
    }

    @Test
    void aThousandEventsOfAStreamAreAskedAboutOnce() throws Exception {
        HttpResponse<String> answer = append(IntStream.range(0, 1_000)
                .mapToObj(i -> i % 2 == 0 ? "room:even" : "room:odd")
                .toList());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"seq\":500").doesNotContain("error");
        assertThat(asked).containsExactlyInAnyOrder("room:even", "room:odd");
    }

    @Test
    void severalStreamsAreAskedAboutAtTheSameTime() throws Exception {
        CountDownLatch all = new CountDownLatch(TOGETHER);
        backend = _ -> {
            all.countDown();
            try {
                return all.await(20, TimeUnit.SECONDS) ? YES : "too late";
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return "interrupted";
            }
        };

        HttpResponse<String> answer = append(rooms(TOGETHER));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(asked).hasSize(TOGETHER);
    }

    @Test
    void oneThatIsDeniedKeepsTheOthersFromBeingStored() throws Exception {
        backend = stream -> stream.equals("room:2")
                ? "{\"allow\": false, \"code\": \"conflict\", \"message\": \"closed\", \"ttl\": 600}"
                : "{\"allow\": true, \"ttl\": 600}";
        for (int i = 0; i < 2; i++) { // the second time the verdicts are known
            HttpResponse<String> answer = append(rooms(4));
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("conflict", "closed");
        }
        assertThat(asked).hasSize(4);
        assertThat(append(List.of("room:1")).body()).containsPattern("\"seq\":1\\b");
    }

    @Test
    void aBatchForTooManyStreamsIsRefusedAndTheBackendIsNotAsked() throws Exception {
        HttpResponse<String> answer = append(rooms(TOGETHER + 1));

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("limit_reached", "allowed are 16");
        assertThat(asked).isEmpty();
    }

    @Test
    void anAnswerThatCannotBeReadIsAFailureAndNoOutage() throws Exception {
        backend = _ -> "yes";
        int attempts = 40;
        for (int i = 0; i < attempts; i++) {
            HttpResponse<String> answer = append(List.of("room:1"));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("unavailable");
        }

        assertThat(asked).hasSize(attempts);
        assertThat(meters.find(Hooks.REQUESTS).tag("outcome", "answered").timers())
                .isEmpty();
        assertThat(meters.get(Hooks.REQUESTS).tag("outcome", "failed").timers())
                .extracting(Timer::count)
                .containsExactly((long) attempts);
    }
}
