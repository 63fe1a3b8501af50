package dev.tutti.cli.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST interface as a client sees it. Safe for use by many threads. */
public final class Api implements AutoCloseable {
    /** Reads and writes JSON. */
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI address;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** One for the server at {@code address}. */
    public Api(URI address) {
        this.address = address;
    }

    /**
     * What the server answered.
     *
     * @param body JSON; missing if the answer was empty or something else
     */
    public record Answer(int status, JsonNode body, HttpResponse<String> response) {
        /** The error code's name; empty if it is no error. */
        public String error() {
            return body.path("error").path("code").asString("");
        }

        /** The body of an answer that says it was done. */
        public JsonNode done() {
            if (status / 100 != 2) {
                throw new AssertionError(response.request() + " was answered with " + status + " " + response.body());
            }
            return body;
        }
    }

    /** Sends one request, with {@code account}'s access token if there is one. */
    public Answer send(String method, String path, @Nullable Account account, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (account != null) {
            request.header("Authorization", "Bearer " + account.token());
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        boolean json = response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        JsonNode parsed = json && !response.body().isEmpty() ? JSON.readTree(response.body()) : JSON.missingNode();
        return new Answer(response.statusCode(), parsed, response);
    }

    /** Reads; anything but success is a failure of the test. */
    public JsonNode get(String path, @Nullable Account account) throws IOException, InterruptedException {
        return send("GET", path, account, null).done();
    }

    /** Posts; anything but success is a failure of the test. */
    public JsonNode post(String path, @Nullable Account account, Object body) throws IOException, InterruptedException {
        return send("POST", path, account, body).done();
    }

    /** Signs up somebody whose name begins with {@code prefix}. */
    public Account register(String prefix) throws IOException, InterruptedException {
        String name = prefix + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        JsonNode answer = post("/api/auth/register", null, Map.of("name", name, "password", Account.PASSWORD));
        return new Account(
                answer.path("user").path("id").asString(),
                name,
                answer.path("accessToken").asString());
    }

    /** Makes a group of {@code owner} and {@code members}; its id. */
    public String group(Account owner, String title, List<Account> members) throws IOException, InterruptedException {
        JsonNode conversation = post(
                "/api/conversations",
                owner,
                Map.of(
                        "kind",
                        "group",
                        "title",
                        title,
                        "members",
                        members.stream().map(Account::id).toList()));
        return conversation.path("id").asString();
    }

    /** Begins, or finds, the direct conversation of two people, who agree to it; its id. */
    public String direct(Account one, Account other) throws IOException, InterruptedException {
        String id = post("/api/conversations", one, Map.of("kind", "direct", "user", other.id()))
                .path("id")
                .asString();
        post("/api/conversations/" + id + "/accept", other, Map.of());
        return id;
    }

    /** The server's address. */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
