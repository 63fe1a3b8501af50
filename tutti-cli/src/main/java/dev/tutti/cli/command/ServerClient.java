package dev.tutti.cli.command;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.MailSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.TlsSettings;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.storage.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A running server as the commands ask it: with the key of {@code TUTTI_KEY}, or else with the root key, which follows from the
 * secret that the server has, too.
 */
final class ServerClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The environment variable with the key. */
    static final String KEY = "TUTTI_KEY";

    private final JsonCodec json = new JsonCodec();
    private final HttpClient http;
    private final URI server;
    private final String key;

    private ServerClient(URI server, String key) {
        this.http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        this.server = server;
        this.key = key;
    }

    /**
     * The server at {@code address}, or else the one that {@code configuration} makes on this machine.
     *
     * @throws TuttiException if there is no key to ask it with
     */
    static ServerClient of(Configuration configuration, Map<String, String> environment, Optional<URI> address) {
        String key = Optional.ofNullable(environment.get(KEY))
                .filter(text -> !text.isBlank())
                .or(() -> configuration
                        .value(IdentitySettings.JWT_SECRET)
                        .or(DataDirectory.of(configuration)::madeTokenSecret)
                        .map(ApiKeys::root))
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.UNAUTHENTICATED,
                        "there is no key: set " + KEY + ", or JWT_SECRET as the server has it, or TUTTI_DATA_DIR to"
                                + " the directory of a server that was started before"));
        return new ServerClient(address.orElseGet(() -> onThisMachine(configuration)), key);
    }

    /** Under TLS by a name, as certificates rarely have an address; never in clear text, nor where Tutti has a part of a host alone. */
    private static URI onThisMachine(Configuration configuration) {
        int port = configuration.value(ServerSettings.PORT);
        if (configuration.value(TlsSettings.CERTIFICATE).isEmpty()) {
            return URI.create("http://127.0.0.1:" + port);
        }
        URI page = MailSettings.page(configuration);
        boolean whole = "https".equals(page.getScheme())
                && (page.getPath().isEmpty() || page.getPath().equals("/"));
        return whole ? page : URI.create("https://localhost:" + port);
    }

    /**
     * The answer of the server.
     *
     * @param body JSON, a String that is sent as it is, or nothing
     * @throws TuttiException with what the server says: with {@link ErrorCode#UNAVAILABLE} if it may have been done. Otherwise nothing was
     *     done: with {@link ErrorCode#BAD_REQUEST} if the reason is in what was asked, and with another code if it is the key, the
     *     address or the rate of requests
     */
    JsonNode ask(String method, String path, Optional<Object> body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.<HttpRequest.BodyPublisher>map(
                                        content -> HttpRequest.BodyPublishers.ofByteArray(json.bytes(content)))
                                .orElseGet(HttpRequest.BodyPublishers::noBody))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode content = content(answer);
            if (answer.statusCode() / 100 != 2) {
                JsonNode error = content.path("error");
                throw new TuttiException(
                        code(answer.statusCode()),
                        server + " refuses: " + error.path("code").asString("HTTP status " + answer.statusCode()) + ": "
                                + error.path("message").asString(""));
            }
            return content;
        } catch (IOException unreachable) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    server + " cannot be reached: " + unreachable.getMessage() + "; say --server if it is elsewhere",
                    unreachable);
        }
    }

    /** The body; empty for a refusal without JSON, which is that of a balancer. */
    private JsonNode content(HttpResponse<String> answer) {
        try {
            return json.mapper().readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (JacksonException other) {
            if (answer.statusCode() / 100 == 2) {
                throw new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        server + " does not answer with JSON; say --server if Tutti is elsewhere",
                        other);
            }
            return json.mapper().createObjectNode();
        }
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            case 400, 403, 409, 413 -> ErrorCode.BAD_REQUEST;
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 404 -> ErrorCode.NOT_FOUND;
            case 429 -> ErrorCode.RATE_LIMITED;
            default -> status / 100 == 4 ? ErrorCode.UNSUPPORTED : ErrorCode.UNAVAILABLE;
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
