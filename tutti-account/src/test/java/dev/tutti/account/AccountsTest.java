package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.limit.FairPermits;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
    private final AccountInstance instance = new AccountInstance();
    private final Person stranger = instance.stranger();
    private final String name = "n" + Long.toString(System.nanoTime(), 36);

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void whoRegistersIsLoggedIn() {
        RouteAnswer answer = register(Map.of("name", name, "password", "12 chickens", "displayName", " Zoë 👋 "));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().get("user").get("name").stringValue()).isEqualTo(name);
        assertThat(answer.json().get("user").get("displayName").stringValue()).isEqualTo("Zoë 👋");
        assertThat(Instant.parse(answer.text("expiresAt")))
                .isBetween(Instant.now().plusSeconds(14 * 60), Instant.now().plusSeconds(16 * 60));
        RouteAnswer me = stranger.with(answer.text("accessToken")).get("/api/auth/me");
        assertThat(me.status()).isEqualTo(200);
        assertThat(me.json().get("user")).isEqualTo(answer.json().get("user"));
        assertThat(me.json().get("session").get("expiresAt").stringValue()).isGreaterThan(answer.text("expiresAt"));
    }

    @Test
    void namesAreTakenOnceWhateverTheirCase() {
        assertThat(register(Map.of("name", name, "password", "12 chickens")).status())
                .isEqualTo(201);

        RouteAnswer again = register(Map.of("name", name.toUpperCase(Locale.ROOT), "password", "87 chickens"));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("conflict");
    }

    @Test
    void ofManyWhoTakeANameAtOnceOneGetsIt() {
        List<Integer> statuses = Together.run(
                16,
                i -> register(Map.of("name", name, "password", "chicken no. " + i))
                        .status());

        assertThat(statuses).containsOnlyOnce(201);
        assertThat(statuses.stream().filter(status -> status == 409)).hasSize(15);
    }

    static Stream<Map<String, Object>> refusedRegistrations() {
        return Stream.of(
                Map.of("password", "12 chickens"),
                Map.of("name", "someone"),
                Map.of("name", "ab", "password", "12 chickens"),
                Map.of("name", "a".repeat(33), "password", "12 chickens"),
                Map.of("name", "with space", "password", "12 chickens"),
                Map.of("name", "näme", "password", "12 chickens"),
                Map.of("name", "nul\0", "password", "12 chickens"),
                Map.of("name", "someone", "password", "1234567"),
                Map.of("name", "someone", "password", "12 chickens".repeat(25)),
                Map.of("name", "someone", "password", "12 chickens\0"),
                Map.of("name", "someone", "password", "12 chickens", "displayName", ""),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "   "),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "a".repeat(65)),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "a\nb"),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "a\u202eb"),
                Map.of("name", "someone", "password", "        "),
                Map.of("name", "someone", "password", "\u200b\u2060\u3000\u00a0\u200d\ufeff\u2800\u3164"),
                Map.of("name", "someone", "password", "password"),
                Map.of("name", "someone", "password", "PassWord123"),
                Map.of("name", "someone", "password", "12345678"),
                Map.of("name", "someone", "password", "hgfedcba"),
                Map.of("name", "someone", "password", "abcabcabc"),
                Map.of("name", "someone.else", "password", "Someone.Else"),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "\u200b"),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "\u0301\u200d\u0301"),
                Map.of("name", "someone", "password", "12 chickens", "displayName", "\u3164\u2800"),
                Map.of("name", List.of("someone"), "password", "12 chickens"),
                Map.of("name", "someone", "password", Map.of("a", 1)));
    }

    @ParameterizedTest
    @MethodSource("refusedRegistrations")
    void aRegistrationThatIsNotAllowedIsRefused(Map<String, Object> body) {
        assertThat(register(body).code()).isEqualTo("bad_request");
    }

    @Test
    void displayNamesAreComposed() {
        RouteAnswer answer = register(Map.of("name", name, "password", "12 chickens", "displayName", "Zoe\u0308"));

        assertThat(answer.json().get("user").get("displayName").stringValue()).isEqualTo("Zo\u00eb");
    }

    /** Whoever has a password from before it was refused must be able to log in. */
    @Test
    void aWeakPasswordFromBeforeStillLogsIn() {
        register(Map.of("name", name, "password", "12 chickens"));
        String hash = new Passwords(AccountInstance.SETTINGS.passwords())
                .hash("password", new FairPermits.Caller("me", true));
        AccountDatabase.execute("update tutti.user set password_hash = '" + hash + "' where name = '" + name + "'");

        assertThat(login(name, "password").status()).isEqualTo(200);
    }

    @Test
    void aWrongPasswordAndAnUnknownNameGetTheSameAnswer() {
        register(Map.of("name", name, "password", "12 chickens"));

        RouteAnswer wrong = login(name, "87 chickens");
        RouteAnswer unknown = login(name + "x", "87 chickens");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.code()).isEqualTo("unauthenticated");
        assertThat(unknown).isEqualTo(wrong);
        assertThat(login(name.toUpperCase(Locale.ROOT), "12 chickens").status()).isEqualTo(200);
    }

    @Test
    void browsersGetTheirTokensInCookiesAlone() {
        RouteAnswer answer = instance.routes()
                .call(
                        "POST",
                        "/api/auth/register",
                        Map.of("x-forwarded-proto", "https"),
                        "127.0.0.1",
                        Map.of("name", name, "password", "12 chickens", "cookies", true));

        assertThat(answer.json().get("accessToken").isNull()).isTrue();
        assertThat(answer.json().get("refreshToken").isNull()).isTrue();
        assertThat(answer.all("set-cookie"))
                .hasSize(3)
                .allSatisfy(cookie -> assertThat(cookie).contains("; HttpOnly", "; SameSite=Strict", "; Secure"));
        assertThat(answer.all("set-cookie").get(0))
                .startsWith("__Host-tutti_access=")
                .contains("; Path=/;");
        assertThat(answer.all("set-cookie").get(1))
                .startsWith("__Host-tutti_refresh=")
                .contains("; Path=/;");
        assertThat(answer.all("set-cookie").get(2))
                .startsWith("__Host-tutti_device=")
                .contains("; Path=/;");

        Map<String, String> cookies = cookies(answer);
        assertThat(call("GET", "/api/auth/me", cookies, null).status()).isEqualTo(200);

        RouteAnswer refreshed = call("POST", "/api/auth/refresh", cookies, Map.of("cookies", true));
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.json().get("accessToken").isNull()).isTrue();
        assertThat(refreshed.cookie("__Host-tutti_refresh")).isNotEqualTo(answer.cookie("__Host-tutti_refresh"));
        assertThat(stranger.with(refreshed.text("socketToken"))
                        .get("/api/auth/me")
                        .code())
                .isEqualTo("unauthenticated");

        RouteAnswer out = call("POST", "/api/auth/logout", cookies(refreshed), null);
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.all("set-cookie"))
                .hasSize(4)
                .allSatisfy(cookie -> assertThat(cookie).contains("Max-Age=0"));
        assertThat(call("GET", "/api/auth/me", cookies(refreshed), null).code()).isEqualTo("session_revoked");
    }

    @Test
    void overPlainHttpCookiesAreNotSecure() {
        RouteAnswer answer = register(Map.of("name", name, "password", "12 chickens", "cookies", true));

        assertThat(answer.all("set-cookie"))
                .hasSize(3)
                .allSatisfy(cookie -> assertThat(cookie).doesNotContain("Secure"));
    }

    @Test
    void everyRefreshGivesANewPair() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));

        RouteAnswer second = refresh(first.text("refreshToken"));
        RouteAnswer third = refresh(second.text("refreshToken"));

        assertThat(third.status()).isEqualTo(200);
        assertThat(List.of(first.text("refreshToken"), second.text("refreshToken"), third.text("refreshToken")))
                .doesNotHaveDuplicates();
        assertThat(stranger.with(third.text("accessToken")).get("/api/auth/me").status())
                .isEqualTo(200);
    }

    @Test
    void anOldRefreshTokenEndsTheSession() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));
        RouteAnswer second = refresh(first.text("refreshToken"));
        RouteAnswer third = refresh(second.text("refreshToken"));

        RouteAnswer reused = refresh(first.text("refreshToken"));

        assertThat(reused.status()).isEqualTo(401);
        assertThat(reused.code()).isEqualTo("session_revoked");
        assertThat(refresh(third.text("refreshToken")).code()).isEqualTo("session_revoked");
        assertThat(stranger.with(third.text("accessToken")).get("/api/auth/me").code())
                .isEqualTo("session_revoked");
    }

    @Test
    void thePredecessorIsAcceptedForAWhileAndItsSuccessorsAreAllGood() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));
        RouteAnswer second = refresh(first.text("refreshToken"));

        RouteAnswer sibling = refresh(first.text("refreshToken"));

        assertThat(sibling.status()).isEqualTo(200);
        RouteAnswer next = refresh(second.text("refreshToken"));
        assertThat(next.status()).isEqualTo(200);
        assertThat(refresh(sibling.text("refreshToken")).status()).isEqualTo(200);
    }

    @Test
    void thePredecessorEndsTheSessionWhenItsTimeIsOver() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));
        RouteAnswer second = refresh(first.text("refreshToken"));
        AccountDatabase.execute(
                "update tutti.user_session set rotated_at = rotated_at - interval '11 seconds' where user_id = '"
                        + first.json().get("user").get("id").stringValue() + "'");

        assertThat(refresh(first.text("refreshToken")).code()).isEqualTo("session_revoked");
        assertThat(refresh(second.text("refreshToken")).code()).isEqualTo("session_revoked");
    }

    @Test
    void tabsThatRefreshAtOnceAllStayLoggedIn() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));

        List<RouteAnswer> tabs = Together.run(12, _ -> refresh(first.text("refreshToken")));

        assertThat(tabs).allSatisfy(tab -> assertThat(tab.status()).isEqualTo(200));
        // the cookie jar keeps the token of whichever answer came last: any of them must do
        assertThat(refresh(tabs.get(7).text("refreshToken")).status()).isEqualTo(200);
    }

    @Test
    void aRefreshTokenThatRanOutIsNoLongerGood() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));
        AccountDatabase.execute("update tutti.user_session set expires_at = now() where user_id = '"
                + first.json().get("user").get("id").stringValue() + "'");

        assertThat(refresh(first.text("refreshToken")).code()).isEqualTo("unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "AAAA",
                "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!"
            })
    void whatIsNoRefreshTokenIsRefused(String token) {
        assertThat(refresh(token).code()).isEqualTo("unauthenticated");
    }

    @Test
    void aMadeUpRefreshTokenEndsNothing() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));
        String good = first.text("refreshToken");

        String otherFamily = (good.charAt(0) == 'A' ? "B" : "A") + good.substring(1);

        assertThat(refresh(otherFamily).code()).isEqualTo("unauthenticated");
        assertThat(refresh(good).status()).isEqualTo(200);
    }

    @Test
    void logoutEndsOneSessionAndNoOther() {
        RouteAnswer phone = register(Map.of("name", name, "password", "12 chickens"));
        RouteAnswer laptop = login(name, "12 chickens");

        assertThat(stranger.with(phone.text("accessToken"))
                        .post("/api/auth/logout", null)
                        .status())
                .isEqualTo(204);

        assertThat(stranger.with(phone.text("accessToken")).get("/api/auth/me").code())
                .isEqualTo("session_revoked");
        assertThat(refresh(phone.text("refreshToken")).code()).isEqualTo("session_revoked");
        assertThat(stranger.with(laptop.text("accessToken")).get("/api/auth/me").status())
                .isEqualTo(200);
        assertThat(refresh(laptop.text("refreshToken")).status()).isEqualTo(200);
    }

    @Test
    void anotherInstanceForgetsAnEndedSessionWithinASecond() {
        AtomicLong nanos = new AtomicLong();
        try (AccountInstance other = new AccountInstance(AccountInstance.SETTINGS, nanos::get)) {
            Person person = instance.person();
            assertThat(person.at(other).get("/api/auth/me").status()).isEqualTo(200);
            person.post("/api/auth/logout", null);

            nanos.addAndGet(Duration.ofSeconds(1).toNanos());

            assertThat(person.at(other).get("/api/auth/me").code()).isEqualTo("session_revoked");
        }
    }

    @Test
    void theOldestOfTooManySessionsEnds() {
        RouteAnswer first = register(Map.of("name", name, "password", "12 chickens"));
        for (int i = 0; i < SessionStore.MAX_PER_USER; i++) {
            assertThat(login(name, "12 chickens").status()).isEqualTo(200);
        }

        assertThat(refresh(first.text("refreshToken")).code()).isEqualTo("unauthenticated");
    }

    private RouteAnswer register(Map<String, Object> body) {
        return stranger.post("/api/auth/register", body);
    }

    private RouteAnswer login(String who, String password) {
        return stranger.post("/api/auth/login", Map.of("name", who, "password", password));
    }

    private RouteAnswer refresh(String token) {
        return stranger.post("/api/auth/refresh", Map.of("refreshToken", token));
    }

    private RouteAnswer call(String method, String path, Map<String, String> headers, @Nullable Object body) {
        return instance.routes().call(method, path, headers, "127.0.0.1", body);
    }

    private static Map<String, String> cookies(RouteAnswer answer) {
        Map<String, String> headers = new HashMap<>();
        headers.put(
                "cookie",
                "other=1; __Host-tutti_access=" + answer.cookie("__Host-tutti_access") + "; __Host-tutti_refresh="
                        + answer.cookie("__Host-tutti_refresh"));
        return headers;
    }
}
