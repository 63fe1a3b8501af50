package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the REST API. Requests block until the answer is there, for at most ten seconds or the given patience. Safe for use by many
 * threads. All methods throw an {@link IOException} if there is no answer in time.
 */
public final class Api implements AutoCloseable {
    /** Reads and writes JSON. */
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Duration patience;

    /** A client with a patience of ten seconds, from any local address. */
    public Api() {
        patience = PATIENCE;
        http = builder(patience).build();
    }

    /** A client that waits for at most {@code patience}, from any local address. It may have thousands of requests at the same time. */
    public Api(Duration patience) {
        this.patience = patience;
        http = builder(patience)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** A client with a patience of ten seconds, from the local {@code address}. */
    public Api(InetAddress address) {
        patience = PATIENCE;
        http = builder(patience).localAddress(address).build();
    }

    private static HttpClient.Builder builder(Duration patience) {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(patience);
    }

    /**
     * The answer to a request.
     *
     * @param status the HTTP status
     * @param body the JSON body; a missing node if the body is empty or not JSON
     * @param response the whole answer
     */
    public record Answer(int status, JsonNode body, HttpResponse<String> response) {
        /** The name of the error code, such as {@code not_found}; empty if the answer is no error. */
        public String error() {
            return body.path("error").path("code").asString("");
        }

        /** Whether the request succeeded: its status is 200 to 299. */
        public boolean isDone() {
            return status / 100 == 2;
        }

        /**
         * The body of a successful answer.
         *
         * @throws AssertionError if the request did not succeed
         */
        public JsonNode done() {
            if (!isDone()) {
                throw new AssertionError(response.request() + " was answered with " + status + " " + response.body());
            }
            return body;
        }
    }

    /** Sends one request, with the access token of {@code account} unless it is null. The body is written as JSON; null for none. */
    public Answer send(URI address, String method, String path, @Nullable Account account, @Nullable Object body)
            throws IOException, InterruptedException {
        return sendWith(
                account == null ? Map.of() : Map.of("Authorization", "Bearer " + account.token()),
                address,
                method,
                path,
                body);
    }

    /** The same with the given headers, by name, which may include credentials. */
    public Answer sendWith(Map<String, String> headers, URI address, String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        boolean json = response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        JsonNode parsed = json && !response.body().isEmpty() ? JSON.readTree(response.body()) : JSON.missingNode();
        return new Answer(response.statusCode(), parsed, response);
    }

    /** Opens a WebSocket, as {@link TextSocket#open} does, with this client's connections. It ends when this client is closed. */
    public TextSocket webSocket(URI address, @Nullable Account account, Duration time, TextSocket.TextListener listener)
            throws IOException, InterruptedException {
        return TextSocket.open(http, address, account, time, listener);
    }

    /**
     * Sends a GET request that must succeed, and returns the body.
     *
     * @throws AssertionError if it does not succeed
     */
    public JsonNode get(URI address, String path, Account account) throws IOException, InterruptedException {
        return done("GET " + path, send(address, "GET", path, account, null));
    }

    /** Registers an account with this name and {@link Account#PASSWORD}. */
    public Account register(URI address, String name) throws IOException, InterruptedException {
        Map<String, Object> form = Map.of("name", name, "password", Account.PASSWORD);
        JsonNode answer = done("registering " + name, send(address, "POST", "/api/auth/register", null, form));
        return new Account(
                answer.path("user").path("id").asString(),
                name,
                answer.path("accessToken").asString());
    }

    /** Ends the login session of {@code account}. */
    public void logout(URI address, Account account) throws IOException, InterruptedException {
        done("logging out", send(address, "POST", "/api/auth/logout", account, null));
    }

    /** Creates a group conversation, and returns its id. */
    public String group(URI address, Account owner, String title, List<Account> members)
            throws IOException, InterruptedException {
        List<String> ids = members.stream().map(Account::id).toList();
        Map<String, Object> form = Map.of("kind", "group", "title", title, "members", ids);
        return done("making a group", send(address, "POST", "/api/conversations", owner, form))
                .path("id")
                .asString();
    }

    private static JsonNode done(String what, Answer answer) throws IOException {
        if (!answer.isDone()) {
            throw new IOException(what + " was answered with " + answer.status() + " " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
