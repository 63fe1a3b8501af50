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
                        "May read the stream org:7:news: allowed by read:org:{claim:org}:* in TUTTI_RIGHTS (values of"
                                + " the claim org in the token: 7, 8).\n",
                        "May not publish to the stream org:7:news: no rule allows it. The rules for publish are:"
                                + " publish:{claim:team}:1 in TUTTI_RIGHTS (values of the claim team in the token:"
                                + " none).\n");
        assertThat(report.of(token, "org:77:news")).contains("May not read the stream org:77:news: no rule allows it.");
    }

    @Test
    void theReportSaysWhatAnybodyMay() {
        String rules = "read:room:*,anybody:read:room:public-*";
        RightsReport report =
                new RightsReport(TestConfiguration.of(Map.of("TUTTI_RIGHTS", rules)), List.of(), Clock.systemUTC());

        assertThat(report.of("anybody", "room:public-1")).isEqualTo("""
                        A client without a login.
                        May read the stream room:public-1: allowed by anybody:read:room:public-* in TUTTI_RIGHTS.
                        May not read the feed room:public-1: only feeds of the kind public need no login.
                        May not publish to the stream or the feed room:public-1: this needs a login or a key.
                        """);
        assertThat(report.of("anybody", "room:lobby"))
                .contains("May not read the stream room:lobby: no rule allows it. The rules for anybody are:"
                        + " anybody:read:room:public-* in TUTTI_RIGHTS.\n");
        assertThat(report.of("anybody", "public:scores")).contains("May read the feed public:scores: ");
        RightsReport asking = new RightsReport(
                TestConfiguration.of(Map.of("TUTTI_RIGHTS", rules, "TUTTI_HOOK_URL", "https://backend.example/hook")),
                List.of(),
                Clock.systemUTC());
        assertThat(asking.of("anybody", "room:public-1"))
                .contains("May not read the stream room:public-1: TUTTI_HOOK_EVENTS ");
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
                .startsWith("A token of another issuer, for the user ann, valid until ")
                .contains(
                        "May read the stream user:ann: allowed by read:user:{id} in TUTTI_RIGHTS.\n",
                        "May not publish to the stream user:ann: no rule allows it. The rules for publish are:"
                                + " publish:room:* in TUTTI_RIGHTS.\n");
        assertThat(report.of(token, "org:7:x"))
                .contains("May read the stream org:7:x: allowed by read:org:7:* in the token.\n");
        assertThat(report.of(token, "job:1"))
                .contains("The owner of the job may read it", "only the server appends to streams of jobs");
        assertThat(report.of(token, "audit:log"))
                .contains(
                        "May not read the stream audit:log: only programs",
                        "May not publish to the stream audit:log: only the server");
        assertThat(report.of(ApiKeys.root(SECRET), "audit:log"))
                .contains(
                        "May read the stream audit:log: ", "May not publish to the stream audit:log: only the server");
        assertThat(report.of(ApiKeys.root(SECRET), "conversation:1"))
                .contains(
                        "May read the stream conversation:1: ",
                        "May not publish to the stream conversation:1: only the chat");
        assertThat(report.of(ApiKeys.root(SECRET), "room:1"))
                .startsWith("The root key.\n")
                .contains("May publish to the stream room:1: allowed by publish:* in the key.");
        assertThat(report.of(ApiKeys.root(SECRET), "socketio:x"))
                .contains(
                        "May not read the stream socketio:x: clients can neither",
                        "May not publish to the stream socketio:x: clients can neither");
        assertThatThrownBy(() -> report.of(token + "x", "room:1")).isInstanceOf(TuttiException.class);
        assertThatThrownBy(() -> report.of(ApiKeys.root(SECRET) + "x", "room:1"))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("only in the database");
    }

    @Test
    void theReportSaysThatConversationsAreReadInTheChat() {
        Map<String, String> settings = Map.of("TUTTI_JWT_HMAC_SECRET", TOKENS, "TUTTI_RIGHTS", "read:*");
        Map<String, String> withoutChat = new HashMap<>(settings);
        withoutChat.put("TUTTI_ACCOUNTS", "off");
        String token = token(Map.of());

        assertThat(new RightsReport(TestConfiguration.of(settings), List.of(SECRET), Clock.systemUTC())
                        .of(token, "conversation:1"))
                .contains("May not read the stream conversation:1: only programs with a key can read conversations as"
                        + " streams;");
        assertThat(new RightsReport(TestConfiguration.of(withoutChat), List.of(SECRET), Clock.systemUTC())
                        .of(token, "conversation:1"))
                .contains("May read the stream conversation:1: allowed by read:* in TUTTI_RIGHTS.\n");
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
                        "May publish to the stream score:7: allowed by publish:score:* in TUTTI_RIGHTS.\n",
                        "May not publish the feed score:7: no rule allows it. TUTTI_RIGHTS does not apply to publishing"
                                + " feeds. The rules for publish are: none.\n");
        assertThat(report.of(token, "score:open"))
                .contains("May read the stream score:open: ", "May not read the feed score:open: no rule allows it.");
        assertThat(report.of(token, "public:x"))
                .contains("May not read the stream public:x: ", "May read the feed public:x: ");
    }

    @Test
    void theReportExplainsAKeyByItsCapabilities() {
        RightsReport report = new RightsReport(TestConfiguration.of(Map.of()), List.of(SECRET), Clock.systemUTC());

        assertThat(report.of("key:read:room:*,publish:score:7", "score:7")).isEqualTo("""
                        A key with these capabilities.
                        May not read the stream score:7: no rule allows it. The rules for read are: read:room:* in the key.
                        May publish to the stream score:7: allowed by publish:score:7 in the key.
                        May not read the feed score:7: no rule allows it. The rules for read are: read:room:* in the key.
                        May publish the feed score:7: allowed by publish:score:7 in the key.
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
        String asked = " The backend is asked, too (TUTTI_HOOK_EVENTS), and may refuse it.\n";

        assertThat(report.of(token, "room:1"))
                .contains(
                        "; the backend is asked whether the user may connect.\n",
                        "May read the stream room:1: allowed by read:room:* in TUTTI_RIGHTS.\n",
                        "May publish to the stream room:1: allowed by publish:room:* in TUTTI_RIGHTS." + asked);
        assertThat(report.of("key:publish:room:*", "room:1")).doesNotContain("backend");
    }
}
