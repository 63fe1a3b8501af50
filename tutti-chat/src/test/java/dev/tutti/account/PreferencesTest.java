package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.Person;
import dev.tutti.chat.fixture.RouteAnswer;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.core.Tutti;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.postgres.PostgresBackend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What somebody prefers at one instance another one knows at once. */
class PreferencesTest {
    private static final Duration TTL = Duration.ofSeconds(60);

    private final TestInstance here = new TestInstance();
    private final TestInstance there = new TestInstance();
    private final Person ann = here.person();

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    private static Map<String, Object> wish(Map<String, @Nullable Object> preferences) {
        return Map.of("preferences", preferences);
    }

    private static JsonNode preferences(RouteAnswer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().get("preferences");
    }

    @Test
    void whatAPersonPrefersIsSeenAtTheOtherInstanceAtOnceAndToldAsAFeed() throws Exception {
        assertThat(preferences(ann.get("/api/preferences"))).isEmpty();

        ann.patch("/api/preferences", wish(Map.of("analytics", false, "theme", Map.of("dark", true))));
        JsonNode seen = preferences(ann.at(there).get("/api/preferences"));
        assertThat(seen.get("analytics").booleanValue()).isFalse();
        assertThat(seen.get("theme").get("dark").booleanValue()).isTrue();
        assertThat(feed()).contains("\"analytics\": false");

        Map<String, @Nullable Object> removal = new HashMap<>();
        removal.put("theme", null);
        RouteAnswer changed = ann.at(there).patch("/api/preferences", wish(removal));
        assertThat(changed.json().get("version").longValue()).isEqualTo(2);
        assertThat(preferences(ann.get("/api/preferences")).toString()).isEqualTo("{\"analytics\":false}");
        assertThat(preferences(here.person().get("/api/preferences"))).isEmpty();
        assertThat(ann.get("/api/account/export").json().get("preferences").toString())
                .isEqualTo("{\"analytics\":false}");
    }

    private String feed() throws SQLException {
        try (Connection connection = FeatureDatabase.shared().getConnection();
                PreparedStatement find = connection.prepareStatement(
                        "select convert_from(value, 'UTF8') from tutti.feed where key = ?")) {
            find.setString(1, "user:" + ann.id() + ":preferences");
            try (ResultSet row = find.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getString(1);
            }
        }
    }

    @Test
    void changesAtTheSameTimeLoseNothing() throws Exception {
        List<Future<RouteAnswer>> changes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                String name = "name-" + i;
                Person somewhere = i % 2 == 0 ? ann : ann.at(there);
                changes.add(threads.submit(() -> somewhere.patch("/api/preferences", wish(Map.of(name, name)))));
            }
            for (Future<RouteAnswer> change : changes) {
                assertThat(change.get().status()).isEqualTo(200);
            }
        }
        assertThat(preferences(ann.get("/api/preferences"))).hasSize(40);
    }

    @Test
    void aVisitorIsKnownByACookieWhichTheFirstChangeSets() {
        Person visitor = here.stranger();
        assertThat(preferences(visitor.get("/api/preferences"))).isEmpty();
        RouteAnswer first = visitor.patch("/api/preferences", wish(Map.of("analytics", false)));
        String cookie = first.all("Set-Cookie").getFirst();
        assertThat(cookie).startsWith("tutti_visitor=").contains("; Path=/;", "HttpOnly", "SameSite=Strict");

        Map<String, String> shown = Map.of("cookie", cookie.substring(0, cookie.indexOf(';')));
        RouteAnswer seen = there.stranger().call("GET", "/api/preferences", null, shown);
        assertThat(preferences(seen).toString()).isEqualTo("{\"analytics\":false}");
        RouteAnswer made =
                there.stranger().call("GET", "/api/preferences", null, Map.of("cookie", "tutti_visitor=made-up"));
        assertThat(preferences(made)).isEmpty();
    }

    @Test
    void aVisitorWithAMadeUpCookieCountsAsNew() {
        SessionSettings secrets = new SessionSettings(
                List.of("a name's secret of 32 characters"), List.of("a seal's secret of 32 characters"), TTL);
        LimitSettings two = new LimitSettings(100, 100, 2);
        try (Tutti sessions = Tutti.on(PostgresBackend.open(FeatureDatabase.url()))
                        .sessions(secrets)
                        .start();
                TestInstance first = new TestInstance(TestInstance.SETTINGS.withLimits(two));
                TestInstance second = new TestInstance(TestInstance.SETTINGS.withLimits(two))) {
            second.accounts().sessionRoutes(second.routes(), sessions.sessions());
            twoMadeUpCookiesAreTaken(first, "/api/preferences", wish(Map.of("n", 1)));
            twoMadeUpCookiesAreTaken(second, "/api/session/attributes", Map.of("attributes", Map.of("n", 1)));
        }
    }

    private static void twoMadeUpCookiesAreTaken(TestInstance at, String path, Map<String, Object> change) {
        Map<String, String> one = madeUp();
        for (Map<String, String> cookie : List.of(one, one, madeUp())) {
            assertThat(at.stranger().call("PATCH", path, change, cookie).status())
                    .isEqualTo(200);
        }
        assertThat(at.stranger().call("PATCH", path, change, madeUp()).code()).isEqualTo("rate_limited");
        assertThat(at.stranger().call("PATCH", path, change, one).status()).isEqualTo(200);
    }

    private static Map<String, String> madeUp() {
        return Map.of("cookie", "tutti_visitor=" + OneTimeToken.fresh().text());
    }

    @Test
    void theyAreBounded() {
        Map<String, @Nullable Object> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("n" + i, i);
        }
        assertThat(ann.patch("/api/preferences", wish(many)).code()).isEqualTo("limit_reached");
        assertThat(ann.patch("/api/preferences", wish(Map.of("long", "x".repeat(20_000))))
                        .code())
                .isEqualTo("limit_reached");
        for (Map<String, Object> refused : List.of(
                wish(Map.of("a name", 1)),
                wish(Map.of("a".repeat(65), 1)),
                wish(Map.of("nul", "\0")),
                Map.<String, Object>of())) {
            assertThat(ann.patch("/api/preferences", refused).code()).isEqualTo("bad_request");
        }
        assertThat(preferences(ann.get("/api/preferences"))).isEmpty();
    }
}
