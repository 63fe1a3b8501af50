package dev.tutti.cli.proof.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.http.LoopbackServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Somebody else's program, which takes what webhooks post, or does what the test says. Safe for use by many threads. */
final class WebhookReceiver implements AutoCloseable {
    /** What it does with a message. */
    interface Behaviour {
        /** The status it answers; waits if it wants to. */
        int answer(Message message) throws InterruptedException;
    }

    /** A message that came, in the order of coming. */
    record Message(String id, String instance, String timestamp, String signatures, String body, JsonNode json) {
        String type() {
            return json.path("type").asString();
        }

        String stream() {
            return json.path("data").path("stream").asString();
        }

        List<Long> seqs() {
            List<Long> seqs = new ArrayList<>();
            json.path("data")
                    .path("events")
                    .forEach(event -> seqs.add(event.path("seq").asLong()));
            return seqs;
        }

        /** Whether it is signed with {@code secret}. */
        boolean isSignedWith(String secret) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
            byte[] signed = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
            return List.of(signatures.split(" ", -1))
                    .contains("v1," + Base64.getEncoder().encodeToString(signed));
        }
    }

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final Map<String, List<Message>> accepted = new ConcurrentHashMap<>();
    private final LoopbackServer server;
    private volatile Behaviour behaviour = _ -> 200;

    /** One at {@code port}, or at any for 0. */
    WebhookReceiver(int port) throws IOException {
        server = new LoopbackServer(port);
        server.on("/hook", this::take);
    }

    int port() {
        return server.port();
    }

    String url() {
        return server.url() + "/hook?from=tutti";
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    private void take(HttpExchange exchange) throws IOException, InterruptedException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Message message = new Message(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("X-Instance-Id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                body,
                Api.JSON.readTree(body));
        messages.add(message);
        int status = behaviour.answer(message);
        if (status / 100 == 2) {
            accepted.computeIfAbsent(message.stream(), _ -> new CopyOnWriteArrayList<>())
                    .add(message);
        }
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        LoopbackServer.answer(exchange, status, "");
    }

    /** As if nothing had come. */
    void forget() {
        messages.clear();
        accepted.clear();
    }

    /** Everything that came. */
    List<Message> messages() {
        return messages;
    }

    /** What was accepted of {@code stream}. */
    List<Message> accepted(String stream) {
        return accepted.getOrDefault(stream, List.of());
    }

    /** The last seq of {@code stream} that was accepted; 0 for none. */
    long last(String stream) {
        List<Message> messages = accepted(stream);
        return messages.isEmpty() ? 0 : messages.getLast().seqs().getLast();
    }

    /** Each message goes on behind the one before it, or is one that was sent again because nobody knew that it had been accepted. */
    void requireOrder(String stream, int most) {
        long before = 0;
        long last = 0;
        int repeats = 0;
        for (Message message : accepted(stream)) {
            List<Long> seqs = message.seqs();
            assertThat(seqs.getFirst()).as("first seq of %s", message.body()).isIn(last + 1, before + 1);
            if (seqs.getFirst() == last + 1) {
                before = last;
            } else {
                repeats++;
            }
            for (int i = 1; i < seqs.size(); i++) {
                assertThat(seqs.get(i)).isEqualTo(seqs.get(i - 1) + 1);
            }
            last = seqs.getLast();
        }
        assertThat(repeats).as("messages of %s that came twice", stream).isLessThanOrEqualTo(most);
    }

    @Override
    public void close() {
        server.close();
    }
}
