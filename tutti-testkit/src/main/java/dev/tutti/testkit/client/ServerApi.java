package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@link Api} of one server. Safe for use by many threads. */
public final class ServerApi implements AutoCloseable {
    private final URI address;
    private final Api api;

    /** The API of the server at {@code address}. */
    public ServerApi(URI address) {
        this(address, new Api());
    }

    /** The same with {@code api}, which is closed with this. */
    public ServerApi(URI address, Api api) {
        this.address = address;
        this.api = api;
    }

    /** Sends one request, with the access token of {@code account} unless it is null. */
    public Api.Answer send(String method, String path, @Nullable Account account, @Nullable Object body)
            throws IOException, InterruptedException {
        return api.send(address, method, path, account, body);
    }

    /** Sends a GET request, and returns the body. Throws an {@link AssertionError} if it does not succeed. */
    public JsonNode get(String path, @Nullable Account account) throws IOException, InterruptedException {
        return send("GET", path, account, null).done();
    }

    /** Sends a POST request, and returns the body. Throws an {@link AssertionError} if it does not succeed. */
    public JsonNode post(String path, @Nullable Account account, Object body) throws IOException, InterruptedException {
        return send("POST", path, account, body).done();
    }

    /** Registers an account with a new name that begins with {@code prefix}. */
    public Account register(String prefix) throws IOException, InterruptedException {
        return api.register(
                address, prefix + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36));
    }

    /** Creates a group conversation of {@code owner} and {@code members}, and returns its id. */
    public String group(Account owner, String title, List<Account> members) throws IOException, InterruptedException {
        return api.group(address, owner, title, members);
    }

    /** Creates or finds the direct conversation of {@code one} and {@code other}, which {@code other} accepts, and returns its id. */
    public String direct(Account one, Account other) throws IOException, InterruptedException {
        String id = post("/api/conversations", one, Map.of("kind", "direct", "user", other.id()))
                .path("id")
                .asString();
        post("/api/conversations/" + id + "/accept", other, Map.of());
        return id;
    }

    /** Opens {@code /ws} as {@code account}. The socket ends when this is closed. Blocks for at most five seconds. */
    public JsonSocket socket(Account account) throws IOException, InterruptedException {
        return JsonSocket.open(api, address, account);
    }

    /** The address of the server. */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        api.close();
    }
}
