package dev.tutti.cli.proof.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the unmodified Socket.IO client for JavaScript does by itself, in a real browser, over each transport. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaScriptClientTest {
    private static final String EACH = "{0}";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PREPARATION = """
            async () => {
              const { Manager } = await import("/vendor/socket.io-client/4.8.4/socket.io.esm.min.js");
              window.once = (emitter, event) => new Promise(done => emitter.once(event, (...values) => done(values)));
              window.manager = (transport, options) => new Manager(location.origin, {
                transports: [transport], reconnectionDelay: 10, randomizationFactor: 0, ...options
              });
            }
            """;

    private Chromium chromium;
    private DemandingServer server;
    private BrowserContext visitor;
    private Page page;

    @BeforeAll
    void openBrowser() {
        chromium = new Chromium();
    }

    @AfterAll
    void closeBrowser() {
        chromium.close();
    }

    @BeforeEach
    void start() {
        server = new DemandingServer();
        visitor = chromium.visitor();
        page = visitor.newPage();
        page.navigate(server.address() + "/css/base.css"); // a page that does nothing by itself
        page.evaluate(PREPARATION);
    }

    @AfterEach
    void stop() {
        visitor.close();
        server.close();
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aTimeOutTellsThatNobodyAnswers(String transport) {
        Object answers = run(transport, """
                const socket = manager(transport).socket("/");
                await once(socket, "connect");
                const answer = (...event) => socket.timeout(300).emitWithAck(...event).catch(error => error.message);
                return [
                  await answer("silent", "a handler that does not answer"),
                  await answer("unknown", "no handler"),
                  await socket.emitWithAck("say", "a handler that answers")
                ];
                """);

        assertThat(answers).isEqualTo(List.of("operation has timed out", "operation has timed out", "ok"));
        assertThat(server.heard()).containsExactly("a handler that does not answer", "a handler that answers");
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aRetriedMessageIsHandledOncePerTryAndTheNextOneWaitsForIt(String transport) {
        Map<?, ?> outcome = (Map<?, ?>) run(transport, """
                const socket = manager(transport).socket("/", {retries: 30, ackTimeout: 300});
                const tries = [];
                socket.onAnyOutgoing((_, text) => tries.push(text));
                const answers = await Promise.all(["a", "b"].map(text => socket.emitWithAck("third time", text)));
                return {tries, answers};
                """);

        assertThat(outcome.get("answers")).isEqualTo(List.of("ok", "ok"));
        assertThat(server.heard()).isEqualTo(outcome.get("tries")).isSorted();
        assertThat(Collections.frequency(server.heard(), "a")).isGreaterThanOrEqualTo(3);
        assertThat(Collections.frequency(server.heard(), "b")).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void whatIsSentOfflineArrivesInOrderLaterUnlessItIsVolatile(String transport) {
        run(transport, """
                const io = manager(transport);
                const socket = io.socket("/");
                const connected = once(socket, "connect");
                await socket.emitWithAck("say", "before the first connection");
                await connected;
                const attempt = once(io, "reconnect_attempt");
                socket.once("disconnect", () => {
                  socket.emit("say", "one");
                  socket.emit("say", "two");
                });
                io.engine.close();
                await attempt;
                socket.volatile.emit("say", "volatile");
                socket.emit("say", "three");
                await once(socket, "connect");
                return socket.emitWithAck("say", "connected again");
                """);

        assertThat(server.heard())
                .containsExactly("before the first connection", "one", "two", "three", "connected again");
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aRefusalComesWithItsDataAndIsFinalUntilTheApplicationTriesAgain(String transport) {
        Object refusal = run(transport, """
                const socket = manager(transport).socket("/guarded", {auth: {token: "wrong"}});
                const [error] = await once(socket, "connect_error");
                const active = socket.active;
                socket.auth.token = "right";
                socket.connect();
                await once(socket, "connect");
                return {message: error.message, data: error.data, active};
                """);

        assertThat(refusal)
                .isEqualTo(Map.of(
                        "message",
                        "not on the list",
                        "data",
                        Map.of("list", List.of("Ann", "Bob"), "page", 3),
                        "active",
                        false));
        assertThat(server.checks()).isEqualTo(2);
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void namespacesOfOneConnectionLiveOnWhenOneIsRefusedOrLeft(String transport) {
        Object outcome = run(transport, """
                const io = manager(transport);
                let connections = 0;
                io.on("open", () => connections++);
                const [main, guarded, other] = ["/", "/guarded", "/other"].map(name => io.socket(name));
                const [[error]] = await Promise.all([
                  once(guarded, "connect_error"), once(main, "connect"), once(other, "connect")
                ]);
                const outcome = [error.message, await main.emitWithAck("where"), await other.emitWithAck("where")];
                main.disconnect();
                return [...outcome, await other.emitWithAck("where"), connections];
                """);

        assertThat(outcome).isEqualTo(List.of("not on the list", "/", "/other", "/other", 1));
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aClientWhoseConnectionBreaksComesBackAsItWasWithWhatItMissed(String transport) {
        Object before = run(transport, """
                const socket = manager(transport, {reconnection: false}).socket("/kept");
                window.socket = socket;
                window.received = [];
                socket.on("n", n => received.push(n));
                await once(socket, "connect");
                await socket.emitWithAck("join");
                return {id: socket.id, recovered: socket.recovered};
                """);
        server.kept().to("room").emit("n", 1);
        awaitTrue("received.length === 1");
        page.evaluate("socket.io.engine.close()");
        await().atMost(PATIENCE).until(() -> server.kept().sockets().isEmpty());
        server.kept().to("room").emit("n", 2);
        server.kept().to("room").emit("n", 3);

        Object after = run(transport, """
                socket.connect();
                await once(socket, "connect");
                return {id: socket.id, recovered: socket.recovered};
                """);
        server.kept().to("room").emit("n", 4);

        Object id = Objects.requireNonNull(((Map<?, ?>) before).get("id"));
        assertThat(before).isEqualTo(Map.of("id", id, "recovered", false));
        assertThat(after).isEqualTo(Map.of("id", id, "recovered", true));
        awaitTrue("received.includes(4)");
        assertThat(page.evaluate("received")).isEqualTo(List.of(1, 2, 3, 4));
    }

    /** Asks again and again, as Playwright's own way of waiting is one that the page's policy forbids. */
    private void awaitTrue(String expression) {
        await().atMost(PATIENCE).pollInSameThread().until(() -> Boolean.TRUE.equals(page.evaluate(expression)));
    }

    /** What {@code script} returns; fails rather than waits for ever. */
    private Object run(String transport, String script) {
        return page.evaluate(
                "async transport => Promise.race([(async () => {" + script + "})(), new Promise((_, fail) =>"
                        + " setTimeout(() => fail(new Error('the script does not end')), 30_000))])",
                transport);
    }
}
