package dev.tutti.cli.proof.hook;

import com.sun.net.httpserver.HttpExchange;
import dev.tutti.server.outbound.SigningSecret;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.http.LoopbackServer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** A backend that answers what the test says. Safe for use by many threads. */
final class HookBackend implements AutoCloseable {
    static final String SECRET = "whsec_c29tZXRoaW5nIHRoYXQgbm9ib2R5IGtub3dzIGJ1dCB1cw==";

    /** What it answers. */
    interface Behaviour {
        /** JSON, or a number, which is the status then. */
        String answer(JsonNode question) throws InterruptedException;
    }

    private final List<JsonNode> questions = new CopyOnWriteArrayList<>();
    private final AtomicInteger forged = new AtomicInteger();
    private final LoopbackServer server;
    private volatile Behaviour behaviour = _ -> "{\"allow\": true}";

    HookBackend() throws IOException {
        server = new LoopbackServer();
        server.on("/tutti", this::answer);
    }

    String url() {
        return server.url() + "/tutti";
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!isSigned(exchange, body)) {
            forged.incrementAndGet();
        }
        JsonNode question = Api.JSON.readTree(body);
        questions.add(question);
        String answer = behaviour.answer(question);
        if (answer.matches("[0-9]+")) {
            LoopbackServer.answer(exchange, Integer.parseInt(answer), "");
        } else {
            LoopbackServer.answer(exchange, 200, answer);
        }
    }

    private static boolean isSigned(HttpExchange exchange, byte[] body) {
        Instant at = Instant.ofEpochSecond(
                Long.parseLong(exchange.getRequestHeaders().getFirst("webhook-timestamp")));
        String signature = SigningSecret.headers(
                        List.of(SigningSecret.of(SECRET)),
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        body,
                        at)
                .get("webhook-signature");
        return exchange.getRequestHeaders().getFirst("webhook-signature").equals(signature);
    }

    /** What it was asked and told of that kind about {@code user}. */
    List<JsonNode> questions(String kind, String user) {
        return questions.stream()
                .filter(each -> each.path("kind").asString().equals(kind)
                        && each.path("user").asString().equals(user))
                .toList();
    }

    /** How often it was asked or told that. */
    long questions(String kind) {
        return questions.stream()
                .filter(each -> each.path("kind").asString().equals(kind))
                .count();
    }

    /** How many were not signed as they should. */
    int forged() {
        return forged.get();
    }

    @Override
    public void close() {
        server.close();
    }
}
