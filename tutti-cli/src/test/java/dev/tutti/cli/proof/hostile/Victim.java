package dev.tutti.cli.proof.hostile;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server under attack, with two people who have a conversation, and a third who wants in.
 *
 * @param api for what is not hostile
 * @param scrutiny sees all answers
 * @param secret what the server signs access tokens with
 * @param ann one of the two
 * @param bob the other
 * @param mallory the third
 * @param conversation of ann and bob; its message 1 of which is ann's
 */
record Victim(
        ServerApi api,
        Scrutiny scrutiny,
        String secret,
        Account ann,
        Account bob,
        Account mallory,
        String conversation) {

    static Victim prepare(ServerApi api, String secret) throws IOException, InterruptedException {
        Account ann = api.register("ann.");
        Account bob = api.register("bob.");
        Account mallory = api.register("mallory.");
        String conversation = api.direct(ann, bob);
        api.post("/api/conversations/" + conversation + "/messages", ann, Map.of("id", "first", "text", "Hello, Bob"));
        return new Victim(api, new Scrutiny(), secret, ann, bob, mallory, conversation);
    }

    URI address() {
        return api.address();
    }

    Wire wire() {
        return new Wire(address(), scrutiny);
    }

    /** Where the conversation is; {@code more} goes behind it. */
    String conversationPath(String more) {
        return "/api/conversations/" + conversation + more;
    }

    /** Sends {@code bytes}, each character one byte, and says what comes back. */
    String raw(String bytes) throws IOException {
        try (Wire wire = wire()) {
            wire.write(bytes);
            return brief(wire);
        }
    }

    /** Sends a request that is well-formed HTTP. */
    String http(String method, String path, @Nullable Account account, String... headers) throws IOException {
        return raw(head(method, path, account, List.of(headers)) + "\r\n");
    }

    /** Sends a request with {@code body} in JSON. */
    String json(String method, String path, @Nullable Account account, String body, String... headers)
            throws IOException {
        return bytes(method, path, account, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Sends a request with a body. */
    String bytes(String method, String path, @Nullable Account account, String type, byte[] body, String... headers)
            throws IOException {
        try (Wire wire = wire()) {
            wire.write(head(method, path, account, List.of(headers)) + "Content-Type: " + type + "\r\nContent-Length: "
                    + body.length + "\r\n\r\n");
            wire.write(body);
            return brief(wire);
        }
    }

    /** A request's first lines, without the empty one. */
    String head(String method, String path, @Nullable Account account, List<String> headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n");
        if (account != null) {
            head.append("Authorization: Bearer ").append(account.token()).append("\r\n");
        }
        headers.forEach(header -> head.append(header).append("\r\n"));
        return head.toString();
    }

    /** As the Host header says it. */
    String host() {
        return address().getHost() + ":" + address().getPort();
    }

    /** What the next HTTP answer is, in brief. */
    static String brief(Wire wire) throws IOException {
        try {
            return wire.answer().brief();
        } catch (EOFException | SocketException end) {
            return "closed";
        }
    }
}
