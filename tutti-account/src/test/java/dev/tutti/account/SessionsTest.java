package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Where somebody is logged in, at two instances that do not hear each other. */
class SessionsTest extends AbstractTwoInstancesTest {
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    @Test
    void sessionsAreListedAsTheirOwnerKnowsThem() {
        RouteAnswer phone = login(Map.of("user-agent", "okhttp/5.3.2"), Map.of("device", "Ann's phone"));
        login(Map.of("user-agent", FIREFOX), Map.of());

        List<JsonNode> sessions = sessions(ann.with(phone.text("accessToken")));

        assertThat(sessions)
                .extracting(session -> session.get("device").stringValue())
                .containsExactlyInAnyOrder("Ann's phone", "Firefox on Linux", "Unknown device");
        assertThat(sessions)
                .filteredOn(session -> session.get("current").booleanValue())
                .singleElement()
                .satisfies(session -> {
                    assertThat(session.get("device").stringValue()).isEqualTo("Ann's phone");
                    assertThat(session.get("address").stringValue()).isEqualTo("127.0.0.0/24");
                    assertThat(Instant.parse(session.get("createdAt").stringValue()))
                            .isBetween(
                                    Instant.now().minusSeconds(60),
                                    Instant.now().plusSeconds(60));
                });
    }

    @Test
    void theLastUseIsWrittenLaterAndFromWhere() {
        Instant before = usedAt();
        here.routes()
                .call("GET", "/api/auth/me", Map.of("authorization", "Bearer " + ann.token()), "2001:db8:7:8::9", null);
        assertThat(usedAt()).isEqualTo(before); // no request waits for it

        here.close();

        JsonNode session = sessions(ann.at(there)).getFirst();
        assertThat(Instant.parse(session.get("usedAt").stringValue())).isAfter(before);
        assertThat(session.get("address").stringValue()).isEqualTo("2001:db8:7:0:0:0:0:0/48");
    }

    @Test
    void aSessionThatIsEndedIsRefusedEverywhereWithinASecond() {
        RouteAnswer phone = login(Map.of(), Map.of());
        Person lost = ann.with(phone.text("accessToken"));
        assertThat(lost.at(there).get("/api/auth/me").status()).isEqualTo(200); // is remembered now

        String id = lost.get("/api/auth/me").json().get("session").get("id").stringValue();
        assertThat(ann.delete("/api/sessions/" + id).status()).isEqualTo(204);

        assertThat(lost.get("/api/auth/me").code()).isEqualTo("session_revoked");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> lost.at(there).get("/api/auth/me").code().equals("session_revoked"));
        assertThat(here.stranger()
                        .post("/api/auth/refresh", Map.of("refreshToken", phone.text("refreshToken")))
                        .code())
                .isEqualTo("session_revoked");
        assertThat(ann.delete("/api/sessions/" + id).code()).isEqualTo("not_found");
        assertThat(ann.get("/api/auth/me").status()).isEqualTo(200);
    }

    @Test
    void othersEndTogetherAndAllOnRequest() {
        Person phone = ann.with(login(Map.of(), Map.of()).text("accessToken"));
        login(Map.of(), Map.of());

        assertThat(ann.delete("/api/sessions").json().get("ended").intValue()).isEqualTo(2);
        assertThat(phone.get("/api/auth/me").code()).isEqualTo("session_revoked");
        assertThat(sessions(ann)).hasSize(1);

        assertThat(ann.delete("/api/sessions?all=true").json().get("ended").intValue())
                .isEqualTo(1);
        assertThat(ann.get("/api/auth/me").code()).isEqualTo("session_revoked");
    }

    @Test
    void aSessionOfSomebodyElseIsNotThere() {
        Person bob = here.person();
        String his = sessions(bob).getFirst().get("id").stringValue();

        assertThat(ann.delete("/api/sessions/" + his).code()).isEqualTo("not_found");

        assertThat(bob.get("/api/auth/me").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1', Safari on iPhone",
        "'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0', Edge on Windows",
        "'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36', Chrome on Android",
        "curl/8.14.1, curl",
        "'<script>', Unknown device",
    })
    void userAgentsAreToldInPlainWords(String agent, String words) {
        RouteAnswer answer = login(Map.of("user-agent", agent), Map.of());

        assertThat(sessions(ann.with(answer.text("accessToken"))))
                .filteredOn(session -> session.get("current").booleanValue())
                .singleElement()
                .satisfies(session ->
                        assertThat(session.get("device").stringValue()).isEqualTo(words));
    }

    /** A page of a sibling domain, or somebody on a plain connection, may have set all others. */
    @ParameterizedTest
    @CsvSource({"x-forwarded-proto, https", "x-forwarded-proto, 'HTTPS, http'", "origin, https://chat.example.com"})
    void overHttpsOnlyCookiesOfTheHostAreRead(String header, String value) {
        RouteAnswer entered = login(Map.of(), Map.of("cookies", true));
        String planted =
                "tutti_access=" + entered.cookie("tutti_access") + "; tutti_refresh=" + entered.cookie("tutti_refresh");
        Map<String, String> https = Map.of(header, value, "cookie", planted);

        assertThat(me(https).code()).isEqualTo("unauthenticated");
        assertThat(here.stranger()
                        .call("POST", "/api/auth/refresh", Map.of("cookies", true), https)
                        .code())
                .isEqualTo("unauthenticated");

        assertThat(me(Map.of("x-forwarded-proto", "http", "cookie", planted)).status())
                .as("over plain http there are no others")
                .isEqualTo(200);
        RouteAnswer honest = login(https, Map.of("cookies", true));
        assertThat(honest.cookie("tutti_access")).isEmpty();
        assertThat(honest.cookie("tutti_refresh")).isEmpty();
        assertThat(honest.all("set-cookie"))
                .filteredOn(cookie -> cookie.startsWith("__Host-"))
                .hasSize(3)
                .allSatisfy(cookie ->
                        assertThat(cookie).contains("; Path=/;", "; Secure").doesNotContain("Domain"));
        assertThat(me(Map.of(header, value, "cookie", access(honest))).status()).isEqualTo(200);
    }

    /** Where a proxy in front does not say that it speaks https. */
    @Test
    void besideACookieOfTheHostNoOtherCounts() {
        RouteAnswer honest = login(Map.of("x-forwarded-proto", "https"), Map.of("cookies", true));
        String planted = "tutti_access=" + here.person().token() + "; ";

        assertThat(me(Map.of("cookie", planted + access(honest)))
                        .json()
                        .get("user")
                        .get("id")
                        .stringValue())
                .isEqualTo(ann.id());
        for (String name : List.of("__Host-tutti_refresh", "__Host-tutti_device")) {
            assertThat(me(Map.of("cookie", planted + name + "=" + honest.cookie(name)))
                            .code())
                    .as("its login is over, and has to be refreshed or made anew")
                    .isEqualTo("unauthenticated");
        }
    }

    private RouteAnswer me(Map<String, String> headers) {
        return here.stranger().call("GET", "/api/auth/me", null, headers);
    }

    private static String access(RouteAnswer answer) {
        return "__Host-tutti_access=" + answer.cookie("__Host-tutti_access");
    }

    private RouteAnswer login(Map<String, String> headers, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("name", ann.name());
        body.put("password", "password of " + ann.name());
        RouteAnswer answer = here.stranger().call("POST", "/api/auth/login", body, headers);
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static List<JsonNode> sessions(Person person) {
        return person.get("/api/sessions").json().get("sessions").valueStream().toList();
    }

    private Instant usedAt() {
        return Instant.parse(AccountDatabase.value(
                "select to_char(greatest(used_at, rotated_at) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                        + " from tutti.user_session where user_id = '" + ann.id() + "'"));
    }
}
