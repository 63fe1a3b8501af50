package dev.tutti.bench.cluster;

import dev.tutti.bench.BenchException;
import dev.tutti.core.JsonCodec;
import dev.tutti.stream.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/** The chat over REST, as somebody's program uses it. Safe for use by many threads. */
final class ChatClient implements AutoCloseable {
    /** Somebody with an account. */
    record Account(String accessToken) {}

    /** A group. */
    record Group(String id, long lastSeq) {}

    /** What a client begins with. */
    private record Overview(String token) {}

    /** Where an acknowledged message is. */
    record Sent(long seq) {}

    /** What came back. */
    record Answered(int status, String body) {
        boolean accepted() {
            return status / 100 == 2;
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final JsonCodec json = new JsonCodec();
    private final String base;

    /** Of the server at {@code port}. */
    ChatClient(int port) {
        base = "http://127.0.0.1:" + port + "/api/";
    }

    Account register(String name) {
        return required("auth/register", "", Map.of("name", name, "password", "benchmark-" + name), Account.class);
    }

    /** A group of one, who owns it. */
    Group group(Account owner, String title) {
        Map<String, String> body = Map.of("kind", "group", "title", title);
        return required("conversations", owner.accessToken(), body, Group.class);
    }

    /** Somebody with their group as it is now, and the token to follow their feed with. */
    SteadyTalk.Speaker current(Account account, Group group) {
        Overview before = read("chat", account, Overview.class);
        Group now = read("conversations/" + group.id(), account, Group.class);
        return new SteadyTalk.Speaker(account, now, before.token());
    }

    private <T> T read(String path, Account account, Class<T> type) {
        try {
            Answered answer = answer(request(path, account.accessToken()).build());
            if (!answer.accepted()) {
                throw new BenchException("GET /api/" + path + " was answered with " + answer.status());
            }
            return json.read(Json.of(answer.body()), type);
        } catch (IOException failure) {
            throw new BenchException("GET /api/" + path, failure);
        }
    }

    /**
     * Sends a message once.
     *
     * @throws IOException if there was no answer
     */
    Answered send(Account from, Group to, String id, String text) throws IOException {
        return post("conversations/" + to.id() + "/messages", from.accessToken(), Map.of("id", id, "text", text));
    }

    Sent sent(Answered answer) {
        return json.read(Json.of(answer.body()), Sent.class);
    }

    private <T> T required(String path, String bearer, Object body, Class<T> type) {
        try {
            Answered answer = post(path, bearer, body);
            if (!answer.accepted()) {
                throw new BenchException("POST /api/" + path + " was answered with " + answer.status());
            }
            return json.read(Json.of(answer.body()), type);
        } catch (IOException failure) {
            throw new BenchException("POST /api/" + path, failure);
        }
    }

    private Answered post(String path, String bearer, Object body) throws IOException {
        return answer(request(path, bearer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.bytes(body)))
                .build());
    }

    private HttpRequest.Builder request(String path, String bearer) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
        return bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer);
    }

    private Answered answer(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answered(response.statusCode(), response.body());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
