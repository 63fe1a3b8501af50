package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.InstanceId;
import dev.tutti.core.JsonCodec;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.server.wiring.Server;
import dev.tutti.testkit.client.Api;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Servers on one PostgreSQL, and clients of them. */
final class SessionServers implements AutoCloseable {
    static final JsonCodec JSON = new JsonCodec();

    private final String database;
    private final List<Server> all = new ArrayList<>();
    private final Api api = new Api(Duration.ofSeconds(60));

    SessionServers(String database) {
        this.database = database;
    }

    /** One more, with settings of its own. */
    Server start(Map<String, String> environment) {
        Map<String, String> values = new HashMap<>(environment);
        values.put("DATABASE_URL", database);
        values.put("JWT_SECRET", "a-secret-of-the-tests-and-of-no-one-else");
        values.put("PORT", "0");
        values.put("DB_MAX_CONNECTIONS", "40");
        values.put("TUTTI_REGISTRATIONS_PER_ADDRESS", "1000");
        Configuration configuration = TestConfiguration.of(values);
        Server server = Server.start(configuration, InstanceId.random(), Application.NONE);
        all.add(server);
        return server;
    }

    /** What a server answered. */
    record Answer(int status, String body, String cookie) {
        Map<?, ?> json() {
            return JSON.read(body, Map.class);
        }

        Map<?, ?> attributes() {
            assertThat(status).as(body).isEqualTo(200);
            return JSON.convert(json().get("attributes"), Map.class);
        }
    }

    Answer call(Server at, String method, String path, String credentials, @Nullable Object body) {
        Map<String, String> headers = credentials.isEmpty()
                ? Map.of()
                : Map.of(credentials.startsWith("tutti_") ? "Cookie" : "Authorization", credentials);
        try {
            HttpResponse<String> answer =
                    api.sendWith(headers, at.address(), method, path, body).response();
            return new Answer(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", ""));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** Somebody new. */
    Login login(Server at, String name) {
        Answer answer = call(
                at, "POST", "/api/auth/register", "", Map.of("name", name, "password", "a fine day for whales at sea"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        String credentials = "Bearer " + answer.json().get("accessToken");
        Map<?, ?> me = call(at, "GET", "/api/auth/me", credentials, null).json();
        return new Login(
                credentials,
                String.valueOf(JSON.convert(me.get("session"), Map.class).get("id")));
    }

    /** Somebody's. */
    record Login(String credentials, String session) {}

    /** What {@code credentials}' session has then. */
    Answer set(Server at, String credentials, Map<String, ? extends @Nullable Object> attributes) {
        return call(at, "PATCH", "/api/session/attributes", credentials, Map.of("attributes", attributes));
    }

    Answer read(Server at, String credentials) {
        return call(at, "GET", "/api/session/attributes", credentials, null);
    }

    /** Ends one of them. */
    void end(Server server) {
        if (all.remove(server)) {
            server.close();
        }
    }

    @Override
    public void close() {
        api.close();
        List.copyOf(all).forEach(this::end);
    }
}
