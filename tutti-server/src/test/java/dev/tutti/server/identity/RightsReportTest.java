package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.tutti.TuttiException;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.server.key.ApiKeys;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RightsReportTest {
    private static final String SECRET = "a-secret-of-the-tests-and-of-no-one-else";
    private static final String TOKENS = "another-secret-that-signs-tokens-long-enough";

    /** Of ann, good for some minutes. */
    private static String token(Map<String, Object> claims) {
        JWTClaimsSet.Builder token = new JWTClaimsSet.Builder()
                .subject("ann")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
        claims.forEach(token::claim);
        return TokenIssuersTest.hmac(token.build(), TOKENS);
    }

    @Test
    void theReportNamesWhatTheTokenClaims() {
        RightsReport report = new RightsReport(
                TestConfiguration.of(Map.of(
                        "TUTTI_JWT_HMAC_SECRET",
                        TOKENS,
                        "TUTTI_RIGHTS",
                        "read:org:{claim:org}:*,publish:{claim:team}:1")),
                List.of(SECRET),
                Clock.systemUTC());
        String token = token(Map.of("org", List.of("8", 7)));

        assertThat(report.of(token, "org:7:news"))
                .contains(
                        "May read org:7:news as a stream: read:org:{claim:org}:* of TUTTI_RIGHTS, with the token's claim"
                                + " org: 7, 8.\n",
                        "May not publish org:7:news as a stream: nothing allows it. What there is of publish:"
                                + " publish:{claim:team}:1 of TUTTI_RIGHTS, with the token's claim team: nothing.\n");
        assertThat(report.of(token, "org:77:news"))
                .contains("May not read org:77:news as a stream: nothing allows it.");
    }

    @Test
    void theReportSaysWhatAnybodyMay() {
        String rules = "read:room:*,anybody:read:room:public-*";
        RightsReport report =
                new RightsReport(TestConfiguration.of(Map.of("TUTTI_RIGHTS", rules)), List.of(), Clock.systemUTC());

        assertThat(report.of("anybody", "room:public-1")).isEqualTo("""
                        Anybody, without a token.
                        May read room:public-1 as a stream: anybody:read:room:public-* of TUTTI_RIGHTS.
                        May not read room:public-1 as a feed: of feeds those of the kind public are for anybody.
                        May not publish room:public-1: nobody does without a login.
                        """);
        assertThat(report.of("anybody", "room:lobby"))
                .contains(
                        "May not read room:lobby as a stream: nothing allows it. What there is of read: anybody:read:room:public-* of TUTTI_RIGHTS.\n");
        assertThat(report.of("anybody", "public:scores")).contains("May read public:scores as a feed: ");
        RightsReport asking = new RightsReport(
                TestConfiguration.of(Map.of("TUTTI_RIGHTS", rules, "TUTTI_HOOK_URL", "https://backend.example/hook")),
                List.of(),
                Clock.systemUTC());
        assertThat(asking.of("anybody", "room:public-1"))
                .contains("May not read room:public-1 as a stream: TUTTI_HOOK_EVENTS ");
    }

    @Test
    void theReportNamesTheRule() throws Exception {
        RightsReport report = new RightsReport(
                TestConfiguration.of(
                        Map.of("TUTTI_JWT_HMAC_SECRET", TOKENS, "TUTTI_RIGHTS", "read:user:{id},publish:room:*")),
                List.of(SECRET),
                Clock.systemUTC());
        String token = token(Map.of("tutti", List.of("read:org:7:*")));

        assertThat(report.of(token, "user:ann"))
                .startsWith("A token of another issuer, of ann, good until ")
                .contains(
                        "May read user:ann as a stream: read:user:{id} of TUTTI_RIGHTS.\n",
                        "May not publish user:ann as a stream: nothing allows it. What there is of publish: publish:room:* of"
                                + " TUTTI_RIGHTS.\n");
        assertThat(report.of(token, "org:7:x")).contains("May read org:7:x as a stream: read:org:7:* of the token.\n");
        assertThat(report.of(token, "job:1")).contains("owner may", "the server alone tells of jobs");
        assertThat(report.of(token, "audit:log"))
                .contains(
                        "May not read audit:log as a stream: programs alone",
                        "May not publish audit:log as a stream: the server alone");
        assertThat(report.of(ApiKeys.root(SECRET), "audit:log"))
                .contains(
                        "May read audit:log as a stream: ", "May not publish audit:log as a stream: the server alone");
        assertThat(report.of(ApiKeys.root(SECRET), "conversation:1"))
                .contains(
                        "May read conversation:1 as a stream: ",
                        "May not publish conversation:1 as a stream: the chat alone");
        assertThat(report.of(ApiKeys.root(SECRET), "room:1"))
                .startsWith("The root key.\n")
                .contains("May publish room:1 as a stream: publish:* of the key.");
        assertThat(report.of(ApiKeys.root(SECRET), "socketio:x"))
                .contains(
                        "May not read socketio:x as a stream: no client",
                        "May not publish socketio:x as a stream: no client");
        assertThatThrownBy(() -> report.of(token + "x", "room:1")).isInstanceOf(TuttiException.class);
        assertThatThrownBy(() -> report.of(ApiKeys.root(SECRET) + "x", "room:1"))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("in the database alone");
    }

    @Test
    void theReportSaysThatConversationsAreReadInTheChat() {
        Map<String, String> settings = Map.of("TUTTI_JWT_HMAC_SECRET", TOKENS, "TUTTI_RIGHTS", "read:*");
        Map<String, String> withoutChat = new HashMap<>(settings);
        withoutChat.put("TUTTI_ACCOUNTS", "off");
        String token = token(Map.of());

        assertThat(new RightsReport(TestConfiguration.of(settings), List.of(SECRET), Clock.systemUTC())
                        .of(token, "conversation:1"))
                .contains("May not read conversation:1 as a stream: programs alone read conversations as streams,");
        assertThat(new RightsReport(TestConfiguration.of(withoutChat), List.of(SECRET), Clock.systemUTC())
                        .of(token, "conversation:1"))
                .contains("May read conversation:1 as a stream: read:* of TUTTI_RIGHTS.\n");
    }

    @Test
    void theReportDoesNotTakeRulesOfStreamsForThoseOfFeeds() throws Exception {
        RightsReport report = new RightsReport(
                TestConfiguration.of(Map.of(
                        "TUTTI_JWT_HMAC_SECRET", TOKENS, "TUTTI_RIGHTS", "publish:score:*,anybody:read:score:open")),
                List.of(SECRET),
                Clock.systemUTC());
        String token = token(Map.of());

        assertThat(report.of(token, "score:7"))
                .contains(
                        "May publish score:7 as a stream: publish:score:* of TUTTI_RIGHTS.\n",
                        "May not publish score:7 as a feed: nothing allows it, for which TUTTI_RIGHTS do not count. What"
                                + " there is of publish: nothing.\n");
        assertThat(report.of(token, "score:open"))
                .contains("May read score:open as a stream: ", "May not read score:open as a feed: nothing allows it.");
        assertThat(report.of(token, "public:x"))
                .contains("May not read public:x as a stream: ", "May read public:x as a feed: ");
    }

    @Test
    void theReportExplainsAKeyByItsCapabilities() {
        RightsReport report = new RightsReport(TestConfiguration.of(Map.of()), List.of(SECRET), Clock.systemUTC());

        assertThat(report.of("key:read:room:*,publish:score:7", "score:7")).isEqualTo("""
                        A key with these capabilities.
                        May not read score:7 as a stream: nothing allows it. What there is of read: read:room:* of the key.
                        May publish score:7 as a stream: publish:score:7 of the key.
                        May not read score:7 as a feed: nothing allows it. What there is of read: read:room:* of the key.
                        May publish score:7 as a feed: publish:score:7 of the key.
                        """);
        assertThatThrownBy(() -> report.of("key:nonsense", "score:7")).hasMessageContaining("begins with none of");
    }

    @Test
    void theReportSaysThatTheBackendIsAsked() throws Exception {
        RightsReport report = new RightsReport(
                TestConfiguration.of(Map.of(
                        "TUTTI_JWT_HMAC_SECRET", TOKENS,
                        "TUTTI_RIGHTS", "read:room:*,publish:room:*",
                        "TUTTI_HOOK_URL", "https://backend.example/hook",
                        "TUTTI_HOOK_EVENTS", "connect,publish")),
                List.of(SECRET),
                Clock.systemUTC());
        String token = token(Map.of());
        String asked = " The backend is asked as well (TUTTI_HOOK_EVENTS) and may refuse it.\n";

        assertThat(report.of(token, "room:1"))
                .contains(
                        "; the backend is asked whether they may connect.\n",
                        "May read room:1 as a stream: read:room:* of TUTTI_RIGHTS.\n",
                        "May publish room:1 as a stream: publish:room:* of TUTTI_RIGHTS." + asked);
        assertThat(report.of("key:publish:room:*", "room:1")).doesNotContain("backend");
    }
}
