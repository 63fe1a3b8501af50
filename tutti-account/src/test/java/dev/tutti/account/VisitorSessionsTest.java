package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.Tutti;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.sql.Database;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Attributes of visitors without a login, of whom there may be any number. */
class VisitorSessionsTest {
    private static final String PATH = "/api/session/attributes";
    private static final Map<String, Object> CART = Map.of("attributes", Map.of("cart", "apples"));
    private static final SessionSettings SECRETS = new SessionSettings(
            List.of("a name's secret of 32 characters"),
            List.of("a seal's secret of 32 characters"),
            Duration.ofHours(1));

    private final AtomicLong nanos = new AtomicLong();
    private final AccountInstance instance =
            new AccountInstance(AccountInstance.SETTINGS.withLimits(new LimitSettings(100, 100, 100, 3)), nanos::get);
    private final OneTimeToken token = OneTimeToken.fresh();
    private final String holder = PreferenceStore.visitor(token);
    private Tutti tutti;

    @BeforeEach
    void start() {
        tutti = Tutti.on(PostgresBackend.open(AccountDatabase.url()))
                .sessions(SECRETS)
                .start();
        instance.accounts().sessionRoutes(instance.routes(), instance.accounts(), tutti.sessions(), true);
    }

    @AfterEach
    void stop() {
        instance.close();
        tutti.close();
    }

    private static VisitorSessions sessions(int most, List<String> forgotten) {
        return new VisitorSessions(new Database(AccountDatabase.shared()), most, forgotten::add);
    }

    private RouteAnswer change(OneTimeToken visitor, String address) {
        return instance.routes().call("PATCH", PATH, cookie(visitor), address, CART);
    }

    private JsonNode read() {
        RouteAnswer answer = instance.routes().call("GET", PATH, cookie(token), "2001:db8::1", null);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().get("attributes");
    }

    private static Map<String, String> cookie(OneTimeToken visitor) {
        return Map.of("cookie", "tutti_visitor=" + visitor.text());
    }

    private void beganBefore(Duration time) {
        AccountDatabase.execute("update tutti.visitor_session set began_at = now() - interval '" + time.toSeconds()
                + " seconds' where holder = '" + holder + "'");
    }

    /** An address could else fill the store, by as many as may register in a minute. */
    @Test
    void ofAnAddressSoManyAreNewInADayAndKnownOnesGoOn() {
        assertThat(change(token, "2001:db8::1").status()).isEqualTo(200);
        assertThat(change(OneTimeToken.fresh(), "2001:db8::2").status()).isEqualTo(200);
        assertThat(change(OneTimeToken.fresh(), "2001:db8::3").status()).isEqualTo(200);

        nanos.addAndGet(Duration.ofMinutes(10).toNanos()); // more than enough for registrations

        assertThat(change(OneTimeToken.fresh(), "2001:db8::4").code()).isEqualTo("rate_limited");
        assertThat(change(token, "2001:db8::5").status()).isEqualTo(200);
    }

    @Test
    void readsDoNotPutTheEndOff() {
        assertThat(change(token, "2001:db8::1").status()).isEqualTo(200);
        beganBefore(VisitorSessions.LIFE.minusHours(1));
        assertThat(read().get("cart").stringValue()).isEqualTo("apples");

        beganBefore(VisitorSessions.LIFE);

        assertThat(read()).isEmpty();
        assertThat(read()).as("nor does a look after the end").isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(change(OneTimeToken.fresh(), "2001:db8::1").status()).isEqualTo(200);
        }
        assertThat(change(token, "2001:db8::1").code())
                .as("counts as new, as anybody does")
                .isEqualTo("rate_limited");
        assertThat(change(token, "2001:db8:0:1::1").status()).isEqualTo(200);
        assertThat(read().get("cart").stringValue()).isEqualTo("apples");
    }

    @Test
    void aSessionThatGoesOnIsNotBegunAgain() {
        VisitorSessions sessions = sessions(100_000, new ArrayList<>());
        assertThat(sessions.left(holder)).isEmpty();
        assertThat(sessions.open(holder)).isEqualTo(VisitorSessions.LIFE);
        beganBefore(Duration.ofDays(10));

        assertThat(sessions.open(holder)).isLessThanOrEqualTo(Duration.ofDays(20));

        beganBefore(Duration.ofDays(30));
        assertThat(sessions.left(holder)).contains(Duration.ZERO);
        assertThat(sessions.open(holder)).isEqualTo(VisitorSessions.LIFE);
        assertThat(sessions.left(holder).orElseThrow()).isGreaterThan(Duration.ofDays(29));
    }

    /** They would find nothing while instances are replaced one after the other. */
    @Test
    void visitorsOfAnInstanceBeforeThisOneGoOn() {
        assertThat(tutti.sessions().change(holder, Map.of("cart", "pears"))).hasSize(1);

        assertThat(read().get("cart").stringValue()).isEqualTo("pears");

        assertThat(sessions(100_000, new ArrayList<>()).left(holder)).isPresent();
    }

    @Test
    void ofTooManyThoseThatBeganFirstAreForgotten() {
        List<String> forgotten = new ArrayList<>();
        VisitorSessions sessions = sessions(5, forgotten);
        List<String> holders = Stream.generate(OneTimeToken::fresh)
                .limit(PreferenceStore.NEW_BETWEEN_COUNTS)
                .map(PreferenceStore::visitor)
                .toList();

        holders.forEach(each -> assertThat(sessions.open(each)).isEqualTo(VisitorSessions.LIFE));

        assertThat(holders.subList(holders.size() - 5, holders.size()))
                .allSatisfy(each -> assertThat(sessions.left(each)).isPresent());
        assertThat(sessions.left(holders.getFirst())).isEmpty();
        assertThat(forgotten).contains(holders.getFirst()).doesNotContain(holders.getLast());
    }
}
