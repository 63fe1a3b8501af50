package dev.tutti.server.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that is away, and one that only cannot say anything to some questions. */
class HookOutageTest {
    private static final Handshake HANDSHAKE = new Handshake("127.0.0.1", Map.of(), Map.of(), Map.of());
    private static final JsonCodec JSON = new JsonCodec();
    private static final int MANY = 40; // twice as many as the circuit breaker looks at
    private static final Duration PAUSE = Duration.ofMillis(5_001); // and past its end
    private static final CompletableFuture<Boolean> AT_ONCE = CompletableFuture.completedFuture(true);

    private final Queue<String> asked = new ConcurrentLinkedQueue<>(); // the users
    private final Map<String, CompletableFuture<Boolean>> held = new ConcurrentHashMap<>(); // answers, by user
    private final AtomicLong now = new AtomicLong();
    private volatile int status = 200;
    private volatile String text = "";
    private LoopbackServer server;
    private Tutti tutti;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer().on("/", this::answer);
        tutti = Tutti.on(MemoryBackend.open()).start();
    }

    @AfterEach
    void stop() {
        tutti.close();
        server.close();
    }

    /** Ann may connect; of everybody else the test says what is answered. */
    private void answer(HttpExchange exchange) throws IOException {
        Map<?, ?> question = JSON.read(exchange.getRequestBody().readAllBytes(), Map.class);
        String user = String.valueOf(question.get("user"));
        asked.add(user);
        boolean _ = held.getOrDefault(user, AT_ONCE).join();
        boolean isAnn = user.equals("ann");
        LoopbackServer.answer(exchange, isAnn ? 200 : status, isAnn ? "{\"allow\": true}" : text);
    }

    private String url() {
        return server.url();
    }

    private Configuration configuration(String failure) {
        return HookConfiguration.of(url(), Map.of("TUTTI_HOOK_TIMEOUT", "20s", "TUTTI_HOOK_FAILURE", failure));
    }

    /** Those that go by {@link #now}, as {@link #requests} do. */
    private Hooks hooks(String failure) {
        return Hooks.of(configuration(failure), tutti, Clock.systemUTC(), now::get)
                .orElseThrow();
    }

    private HookRequests requests() {
        return new HookRequests(configuration("deny"), tutti, Clock.systemUTC(), url(), now::get);
    }

    private static HookQuestion question(String user) {
        return HookQuestion.connect(new Principal(user, "jwt." + user, Instant.MAX), "127.0.0.1");
    }

    private static void assertAway(HookRequests requests, String user) {
        assertThatThrownBy(() -> requests.ask(question(user))).isInstanceOf(IOException.class);
    }

    /** Asks about others, for whom the backend is away, until it is given a pause. */
    private static void bringAboutPause(HookRequests requests) throws InterruptedException {
        for (int i = 0; i < MANY; i++) {
            try {
                if (requests.ask(question("guest" + i)).isEmpty()) {
                    return;
                }
            } catch (IOException away) {
                // counts
            }
        }
        throw new AssertionError("there is no pause");
    }

    private static void connect(Hooks hooks, String user) {
        hooks.requireConnect(new Principal(user, "jwt." + user, Instant.MAX), HANDSHAKE);
    }

    private static void assertUnavailable(Hooks hooks, String user) {
        assertThatThrownBy(() -> connect(hooks, user))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private long asked(String user) {
        return asked.stream().filter(user::equals).count();
    }

    /** Somebody can ask, as often as they like, what the backend does not expect. */
    @ParameterizedTest
    @CsvSource({
        "allow, 404, ''",
        "allow, 422, '{\"allow\": true}'",
        "allow, 500, ''",
        "allow, 302, ''",
        "allow, 200, yes",
        "deny, 404, ''",
        "deny, 500, ''",
        "deny, 200, '{\"allow\": null}'",
    })
    void anAnswerThatCannotBeUsedRefusesThatQuestionAloneWhateverTheSettingSays(
            String failure, int answered, String body) {
        status = answered;
        text = body;
        try (Hooks hooks = hooks(failure)) {
            for (int i = 0; i < MANY; i++) {
                assertUnavailable(hooks, "eve" + i);
            }
            assertThat(asked).as("each once, and no pause").hasSize(MANY);

            assertThatCode(() -> connect(hooks, "ann")).doesNotThrowAnyException();
            assertThat(asked("ann")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void aGatewayThatDoesNotReachTheBackendTellsOfAnOutage(int answered) {
        status = answered;
        try (Hooks hooks = hooks("deny")) {
            for (int i = 0; i < MANY; i++) {
                assertUnavailable(hooks, "guest" + i);
            }
            assertThat(asked).as("each twice, but for a pause").hasSizeLessThan(2 * MANY);
        }
    }

    @Test
    void meanwhilePeopleGoOnWhereTheSettingSaysSo() {
        status = 503;
        try (Hooks hooks = hooks("allow")) {
            for (int i = 0; i < MANY; i++) {
                String user = "guest" + i;
                assertThatCode(() -> connect(hooks, user)).doesNotThrowAnyException();
            }
            assertThat(asked).as("each twice, but for a pause").hasSizeLessThan(2 * MANY);
        }
    }

    @Test
    void anAnswerIsGivenAgainForAsLongAsTheBackendHasSaid() {
        text = "{\"allow\": true, \"ttl\": 60}";
        try (Hooks hooks = hooks("deny")) {
            connect(hooks, "bob");
            now.addAndGet(Duration.ofSeconds(59).toNanos());
            connect(hooks, "bob");
            assertThat(asked("bob")).isEqualTo(1);

            now.addAndGet(Duration.ofSeconds(2).toNanos());
            connect(hooks, "bob");
            assertThat(asked("bob")).isEqualTo(2);
        }
    }

    @Test
    void oneAccountMakesNoOutageForTheOthers() {
        status = 503;
        try (Hooks hooks = hooks("deny")) {
            for (int i = 0; i < MANY; i++) {
                assertUnavailable(hooks, "eve");
            }

            assertThatCode(() -> connect(hooks, "ann")).doesNotThrowAnyException();
            assertThat(asked("ann")).isEqualTo(1);
        }
    }

    @Test
    void afterThePauseOneQuestionShowsThatTheBackendIsAwayThoughItIsAboutSomebodyWhoseLastOneFailed() throws Exception {
        status = 503;
        try (HookRequests requests = requests()) {
            assertAway(requests, "eve");
            bringAboutPause(requests);
            now.addAndGet(PAUSE.toNanos());
            asked.clear();

            assertAway(requests, "eve");
            assertThat(asked("eve"))
                    .as("it is not repeated, as there is a pause again")
                    .isEqualTo(1);
            assertThat(requests.ask(question("eve"))).isEmpty();
            assertThat(requests.ask(question("ann"))).isEmpty();
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void aQuestionOfBeforeThePauseLetsNoOtherThroughBesideTheOneAfterIt() throws Exception {
        status = 503;
        try (HookRequests requests = requests();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertAway(requests, "eve");
            asked.clear();
            CompletableFuture<Boolean> early = new CompletableFuture<>();
            held.put("eve", early);
            Future<Optional<HookVerdict>> before = threads.submit(() -> requests.ask(question("eve")));
            await().until(() -> asked("eve") == 1);
            bringAboutPause(requests);
            now.addAndGet(PAUSE.toNanos());
            CompletableFuture<Boolean> late = new CompletableFuture<>();
            held.put("bob", late);
            Future<Optional<HookVerdict>> after = threads.submit(() -> requests.ask(question("bob")));
            await().until(() -> asked("bob") == 1);

            assertThat(early.complete(true)).isTrue();
            assertThatThrownBy(before::get).hasCauseInstanceOf(IOException.class);
            assertThat(asked("eve")).as("it is not repeated").isEqualTo(1);
            assertThat(requests.ask(question("ann"))).isEmpty();

            assertThat(late.complete(true)).isTrue();
            assertThatThrownBy(after::get).hasCauseInstanceOf(IOException.class);
            assertThat(asked("bob")).isEqualTo(1);
            assertThat(requests.ask(question("ann"))).isEmpty();
        }
    }

    @Test
    void aBackendThatIsBackIsAskedByAllAgain() throws Exception {
        status = 503;
        try (HookRequests requests = requests()) {
            bringAboutPause(requests);
            now.addAndGet(PAUSE.toNanos());

            assertThat(requests.ask(question("ann"))).isPresent();
            assertThat(requests.ask(question("ann"))).isPresent();
        }
    }
}
