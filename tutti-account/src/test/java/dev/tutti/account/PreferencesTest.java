package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.sql.Database;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What somebody prefers at one instance another one knows at once. */
class PreferencesTest extends AbstractTwoInstancesTest {
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final SessionSettings SECRETS = new SessionSettings(
            List.of("a name's secret of 32 characters"), List.of("a seal's secret of 32 characters"), TTL);

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
        try (Connection connection = AccountDatabase.shared().getConnection();
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

    /** A page of a sibling domain could else read what the visitor says who gets its cookie. */
    @Test
    void overHttpsNobodyBecomesTheVisitorWhomAnotherHostHasMadeUp() {
        String planted = OneTimeToken.fresh().text();

        RouteAnswer changed = visit(here, "https", "tutti_visitor=" + planted, wish(Map.of("analytics", false)));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.cookie("__Host-tutti_visitor")).isNotEmpty().isNotEqualTo(planted);
        Map<String, String> theirs = Map.of("cookie", "__Host-tutti_visitor=" + planted);
        assertThat(preferences(here.stranger().call("GET", "/api/preferences", null, theirs)))
                .isEmpty();
    }

    @Test
    void aVisitorWithAMadeUpCookieCountsAsNew() {
        LimitSettings two = new LimitSettings(100, 100, 2);
        try (Tutti sessions = Tutti.on(PostgresBackend.open(AccountDatabase.url()))
                        .sessions(SECRETS)
                        .start();
                AccountInstance first = new AccountInstance(AccountInstance.SETTINGS.withLimits(two));
                AccountInstance second = new AccountInstance(AccountInstance.SETTINGS.withLimits(two))) {
            second.accounts().sessionRoutes(second.routes(), second.accounts(), sessions.sessions(), true);
            twoMadeUpCookiesAreTaken(first, "/api/preferences", wish(Map.of("n", 1)));
            twoMadeUpCookiesAreTaken(second, "/api/session/attributes", Map.of("attributes", Map.of("n", 1)));
        }
    }

    @Test
    void aVisitorHasLessRoomThanAPerson() {
        Map<String, Object> much = Map.of("text", "x".repeat(3_000));
        try (Tutti sessions = Tutti.on(PostgresBackend.open(AccountDatabase.url()))
                .sessions(SECRETS)
                .start()) {
            here.accounts().sessionRoutes(here.routes(), here.accounts(), sessions.sessions(), true);
            for (String path : List.of("/api/preferences", "/api/session/attributes")) {
                String field = path.substring(path.lastIndexOf('/') + 1);
                Map<String, String> cookie = madeUp();
                assertThat(ann.patch(path, Map.of(field, much)).status()).isEqualTo(200);
                assertThat(visitor(path, Map.of(field, much), cookie).code()).isEqualTo("limit_reached");

                assertThat(visitor(path, Map.of(field, Map.of("a", "x".repeat(1_500))), cookie)
                                .status())
                        .isEqualTo(200);
                assertThat(visitor(path, Map.of(field, Map.of("b", "x".repeat(1_500))), cookie)
                                .code())
                        .isEqualTo("limit_reached");
                Map<String, @Nullable Object> instead = new HashMap<>();
                instead.put("a", null);
                instead.put("b", "x".repeat(1_500));
                assertThat(visitor(path, Map.of(field, instead), cookie).status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void changesAtTheSameTimeGiveAVisitorNoMoreRoomForAttributes() throws Exception {
        String path = "/api/session/attributes";
        Map<String, String> cookie = madeUp();
        List<Future<RouteAnswer>> changes = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        try (Tutti sessions = Tutti.on(PostgresBackend.open(AccountDatabase.url()))
                        .sessions(SECRETS)
                        .start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            here.accounts().sessionRoutes(here.routes(), here.accounts(), sessions.sessions(), true);
            for (int i = 0; i < 10; i++) {
                Map<String, Object> change = Map.of("attributes", Map.of("n" + i, "x".repeat(1_500)));
                changes.add(threads.submit(() -> visitor(path, change, cookie)));
            }
            for (Future<RouteAnswer> change : changes) {
                codes.add(change.get().code());
            }
        }
        assertThat(codes).containsOnly("ok", "limit_reached").containsOnlyOnce("ok");
    }

    private RouteAnswer visitor(String path, Map<String, Object> change, Map<String, String> cookie) {
        return here.stranger().call("PATCH", path, change, cookie);
    }

    @Test
    void ofTooManyVisitorsThoseWhoChangedNothingForTheLongestTimeAreForgotten() {
        PreferenceStore store = new PreferenceStore(new Database(AccountDatabase.shared()), 5);
        List<String> holders = Stream.generate(OneTimeToken::fresh)
                .limit(PreferenceStore.NEW_BETWEEN_COUNTS)
                .map(PreferenceStore::visitor)
                .toList();
        holders.forEach(holder -> store.change(holder, "{\"n\": 1}", "[]"));

        assertThat(holders.subList(holders.size() - 5, holders.size()))
                .allSatisfy(holder -> assertThat(store.find(holder).version()).isEqualTo(1));
        assertThat(store.find(holders.getFirst())).isEqualTo(PreferenceStore.Preferences.NONE);
    }

    @Test
    void aTextThatOnlySpellsTheCharacterNulIsTaken() {
        List<Object> list = List.of(Map.of("\\u0000", "\\\\u0000"));
        RouteAnswer answer = ann.patch("/api/preferences", wish(Map.of("text", "\\u0000", "list", list)));
        assertThat(preferences(answer).get("text").stringValue()).isEqualTo("\\u0000");
        for (Object nul : List.of(List.of("a\0"), Map.of("\0", 1), Map.of("a", List.of("\0")))) {
            assertThat(ann.patch("/api/preferences", wish(Map.of("nul", nul))).code())
                    .isEqualTo("bad_request");
        }
    }

    /** Of all visitors 100,000 are kept, so that one address could push out the preferences of all others. */
    @Test
    void ofAnAddressSoManyVisitorsAreNewInADayAndKnownOnesGoOn() {
        AtomicLong nanos = new AtomicLong();
        LimitSettings three = new LimitSettings(100, 100, 100, 3);
        try (AccountInstance instance = new AccountInstance(AccountInstance.SETTINGS.withLimits(three), nanos::get)) {
            Map<String, String> known = madeUp();
            assertThat(prefer(instance, known, "2001:db8::1").status()).isEqualTo(200);
            assertThat(prefer(instance, Map.of(), "2001:db8::2").status()).isEqualTo(200);
            assertThat(prefer(instance, madeUp(), "2001:db8::3").status()).isEqualTo(200);

            nanos.addAndGet(Duration.ofMinutes(10).toNanos()); // more than enough for registrations
            assertThat(prefer(instance, Map.of(), "2001:db8::4").code()).isEqualTo("rate_limited");
            assertThat(prefer(instance, madeUp(), "2001:db8::5").code()).isEqualTo("rate_limited");
            assertThat(prefer(instance, known, "2001:db8::6").status()).isEqualTo(200);
            assertThat(prefer(instance, Map.of(), "2001:db8:0:1::1").status())
                    .as("of another /64")
                    .isEqualTo(200);

            nanos.addAndGet(Duration.ofHours(8).toNanos()); // a third of a day
            assertThat(prefer(instance, Map.of(), "2001:db8::7").status()).isEqualTo(200);
            assertThat(prefer(instance, Map.of(), "2001:db8::8").code()).isEqualTo("rate_limited");
        }
        AttemptLimit limit = AttemptLimit.perDay("visitors", 3, RateLimits.local(nanos::get));
        for (int i = 0; i < 3; i++) {
            limit.take("address");
        }
        assertThatThrownBy(() -> limit.take("address"))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.retryAfter()).contains(Duration.ofHours(8)));
    }

    private static RouteAnswer prefer(AccountInstance at, Map<String, String> cookie, String address) {
        return at.routes().call("PATCH", "/api/preferences", cookie, address, wish(Map.of("analytics", false)));
    }

    private static void twoMadeUpCookiesAreTaken(AccountInstance at, String path, Map<String, Object> change) {
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

    /** A browser that has not renewed its token yet would else be answered as somebody whom nobody knows. */
    @Test
    void aBrowserWhoseAccessTokenHasRunOutIsNoVisitor() {
        Map<String, Object> wish = wish(Map.of("analytics", false));
        String asLongAsTheLogin =
                "Max-Age=" + AccountInstance.SETTINGS.refreshTtl().toSeconds() + ";";
        for (String proto : List.of("http", "https")) {
            RouteAnswer in = loginByCookies(proto);
            String of = proto.equals("https") ? "__Host-" : "";
            assertThat(in.all("set-cookie"))
                    .filteredOn(cookie -> cookie.startsWith(of + "tutti_access="))
                    .singleElement()
                    .satisfies(cookie -> assertThat(cookie).contains(asLongAsTheLogin));
            String access = of + "tutti_access=" + in.cookie(of + "tutti_access");
            String refresh = of + "tutti_refresh=" + in.cookie(of + "tutti_refresh");
            assertThat(visit(here, proto, access, wish).status()).isEqualTo(200);

            here.clock().pass(Duration.ofMinutes(16));
            RouteAnswer late = visit(here, proto, access, wish);
            assertThat(late.code()).isEqualTo("token_expired");
            assertThat(late.all("set-cookie")).isEmpty();
            if (proto.equals("https")) { // where it is sent everywhere
                assertThat(visit(here, proto, refresh, wish).code()).isEqualTo("unauthenticated");
            }
            RouteAnswer renewed = here.routes()
                    .call(
                            "POST",
                            "/api/auth/refresh",
                            Map.of("cookie", access + "; " + refresh, "x-forwarded-proto", proto),
                            "127.0.0.1",
                            Map.of("cookies", true));
            assertThat(visit(here, proto, of + "tutti_access=" + renewed.cookie(of + "tutti_access"), wish)
                            .status())
                    .isEqualTo(200);
            here.clock().pass(Duration.ofMinutes(-16));
        }
        assertThat(preferences(ann.get("/api/preferences")).toString()).isEqualTo("{\"analytics\":false}");
    }

    @Test
    void aBrowserWhoseLoginHasEndedForgetsItAndIsAVisitorAgain() {
        RouteAnswer in = loginByCookies("http");
        String cookies = "tutti_access=" + in.cookie("tutti_access") + "; tutti_refresh=" + in.cookie("tutti_refresh");
        ann.delete("/api/sessions?all=true");
        assertThat(visit(here, "http", cookies, wish(Map.of("n", 1))).code()).isEqualTo("session_revoked");

        RouteAnswer refused = here.routes()
                .call("POST", "/api/auth/refresh", Map.of("cookie", cookies), "127.0.0.1", Map.of("cookies", true));

        assertThat(refused.code()).isEqualTo("session_revoked");
        assertThat(refused.json().get("error").get("number").intValue()).isEqualTo(4211);
        assertThat(refused.all("set-cookie"))
                .extracting(cookie -> cookie.substring(0, cookie.indexOf('=')))
                .containsExactlyInAnyOrder("tutti_access", "tutti_refresh");
        assertThat(refused.all("set-cookie"))
                .allSatisfy(cookie -> assertThat(cookie).contains("Max-Age=0"));
    }

    private RouteAnswer loginByCookies(String proto) {
        RouteAnswer in = here.routes()
                .call(
                        "POST",
                        "/api/auth/login",
                        Map.of("x-forwarded-proto", proto),
                        "127.0.0.1",
                        Map.of("name", ann.name(), "password", "password of " + ann.name(), "cookies", true));
        assertThat(in.status()).isEqualTo(200);
        return in;
    }

    private static RouteAnswer visit(AccountInstance at, String proto, String cookies, Map<String, Object> change) {
        return at.routes()
                .call(
                        "PATCH",
                        "/api/preferences",
                        Map.of("cookie", cookies, "x-forwarded-proto", proto),
                        "127.0.0.1",
                        change);
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

    /** The database would write each of these numbers with 309 digits, and only then count. */
    @Test
    void numbersThatTheDatabaseMakesLongerAreRefusedBeforeItDoes() {
        Map<String, String> cookie = madeUp();
        assertThat(visitor("/api/preferences", wish(Map.of("a", 1)), cookie).status())
                .isEqualTo(200);
        Map<String, Object> much = wish(Map.of("a", Collections.nCopies(3_000, 1e308)));
        assertThat(visitor("/api/preferences", much, cookie).code()).isEqualTo("limit_reached");
        assertThat(visitor("/api/preferences", wish(Map.of("a", List.of(1e308, "/".repeat(1_600)))), cookie)
                        .status())
                .as("within the bound")
                .isEqualTo(200);
    }
}
