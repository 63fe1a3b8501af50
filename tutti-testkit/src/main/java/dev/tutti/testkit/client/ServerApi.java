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

    /** One for the server at {@code address}. */
    public ServerApi(URI address) {
        this(address, new Api());
    }

    /** The same by {@code api}, which ends with this one. */
    public ServerApi(URI address, Api api) {
        this.address = address;
        this.api = api;
    }

    /** Sends one request, with {@code account}'s access token if there is one. */
    public Api.Answer send(String method, String path, @Nullable Account account, @Nullable Object body)
            throws IOException, InterruptedException {
        return api.send(address, method, path, account, body);
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
        return api.register(
                address, prefix + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36));
    }

    /** Makes a group of {@code owner} and {@code members}; its id. */
    public String group(Account owner, String title, List<Account> members) throws IOException, InterruptedException {
        return api.group(address, owner, title, members);
    }

    /** Begins, or finds, the direct conversation of two people, who agree to it; its id. */
    public String direct(Account one, Account other) throws IOException, InterruptedException {
        String id = post("/api/conversations", one, Map.of("kind", "direct", "user", other.id()))
                .path("id")
                .asString();
        post("/api/conversations/" + id + "/accept", other, Map.of());
        return id;
    }

    /** Opens {@code /ws} as {@code account}; what is opened ends with this. Blocks for some seconds at most. */
    public JsonSocket socket(Account account) throws IOException, InterruptedException {
        return JsonSocket.open(api, address, account);
    }

    /** The server's address. */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        api.close();
    }
}
