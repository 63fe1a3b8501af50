package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the REST API, and of any other page over HTTP/1.1. Requests block until the answer is there, for at most ten seconds or the
 * given patience. Safe for use by many threads. Methods that wait throw an {@link IOException} if there is no answer in time.
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

    /** A client that trusts the certificates of {@code trusted}, and offers HTTP/2, as browsers do. */
    public Api(SSLContext trusted) {
        patience = PATIENCE;
        http = builder(patience)
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusted)
                .build();
    }

    /** The JDK's own client as it is, for code that takes one, and for frames that none of these clients sends. The caller closes it. */
    public static HttpClient httpClient() {
        return HttpClient.newHttpClient();
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
        return sendWith(credentials(account), address, method, path, body);
    }

    /** The same with the given headers, by name, which may include credentials. */
    public Answer sendWith(Map<String, String> headers, URI address, String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        HttpResponse<String> response = send(request, BodyHandlers.ofString());
        boolean json = response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        JsonNode parsed = json && !response.body().isEmpty() ? JSON.readTree(response.body()) : JSON.missingNode();
        return new Answer(response.statusCode(), parsed, response);
    }

    /** A request with the access token of {@code account} unless it is null, for {@link #send(HttpRequest.Builder, BodyHandler)}. */
    public static HttpRequest.Builder request(URI page, @Nullable Account account) {
        HttpRequest.Builder request = HttpRequest.newBuilder(page);
        credentials(account).forEach(request::header);
        return request;
    }

    private static Map<String, String> credentials(@Nullable Account account) {
        return account == null ? Map.of() : Map.of("Authorization", "Bearer " + account.token());
    }

    /** Sends {@code request}, and reads its answer by {@code body}. Its own timeout and HTTP version replace those of this client. */
    public <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        return http.send(timed(request), body);
    }

    /** The same without waiting. */
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest.Builder request, BodyHandler<T> body) {
        return http.sendAsync(timed(request), body);
    }

    private HttpRequest timed(HttpRequest.Builder request) {
        HttpRequest asked = request.build();
        return asked.timeout().isPresent()
                ? asked
                : request.copy().timeout(patience).build();
    }

    /** Gets {@code page} without credentials. The answer is text, whatever its status is. */
    public HttpResponse<String> fetch(URI page) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(page), BodyHandlers.ofString());
    }

    /**
     * Opens a WebSocket. It ends when this client is closed.
     *
     * @param address the URI of the WebSocket, with the scheme {@code http} or {@code ws}, or {@code https} or {@code wss} for TLS
     * @param account the account whose access token is sent; null for none
     * @param time the time that connecting may take
     * @throws IOException if the connection is refused, fails, or takes longer; its cause has the reason
     */
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
