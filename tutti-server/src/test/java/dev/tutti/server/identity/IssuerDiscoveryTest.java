package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an issuer may say that its keys are; more of discovery is in {@link TokenIssuersTest}. */
class IssuerDiscoveryTest {
    private final AtomicLong now = new AtomicLong();

    private TokenIssuers trusting(Issuer issuer) {
        return TokenIssuersTest.issuers(Map.of("TUTTI_JWT_ISSUERS", issuer.url()), now::get);
    }

    private static String token(Issuer issuer) throws Exception {
        return issuer.sign(TokenIssuersTest.claims("42").issuer(issuer.url()).build());
    }

    @Test
    void anIssuerIsAskedWhereItsKeysAreEveryFiveMinutes() throws Exception {
        try (Issuer issuer = new Issuer()) {
            TokenIssuers issuers = trusting(issuer);
            String token = token(issuer);
            assertThat(issuers.verify(token).id()).isEqualTo("42");
            now.addAndGet(Duration.ofMinutes(4).toNanos());
            assertThat(issuers.verify(token).id()).isEqualTo("42");
            assertThat(issuer.discoveries()).isEqualTo(1);

            now.addAndGet(Duration.ofMinutes(2).toNanos());
            assertThat(issuers.verify(token).id()).isEqualTo("42");
            assertThat(issuer.discoveries()).isEqualTo(2);
        }
    }

    @Test
    void anIssuerThatDoesNotSayWhereItsKeysAreIsAskedEveryFiveSecondsAndNotForEachToken() throws Exception {
        try (Issuer issuer = new Issuer()) {
            issuer.fallSilent();
            TokenIssuers issuers = trusting(issuer);
            String token = token(issuer);
            for (int i = 0; i < 100; i++) {
                assertUnavailable(issuers, token);
                now.addAndGet(Duration.ofMillis(40).toNanos());
            }
            assertThat(issuer.discoveries()).isEqualTo(1);

            now.addAndGet(Duration.ofSeconds(2).toNanos());
            assertUnavailable(issuers, token);
            assertThat(issuer.discoveries()).isEqualTo(2);
        }
    }

    private static void assertUnavailable(TokenIssuers issuers, String token) {
        assertThatThrownBy(() -> issuers.verify(token))
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("does not say where its keys are");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.invalid/keys",
                "http://localhost.id.invalid/keys",
                "http://localhost@id.invalid/keys",
                "http://127.0.0.1.id.invalid/keys",
                "HTTP://id.invalid/keys",
                "ftp://127.0.0.1/keys",
                "file:///etc/hostname"
            })
    void keysThatOthersCouldExchangeOnTheWayAreNotAskedFor(String place) throws Exception {
        try (Issuer issuer = new Issuer()) {
            issuer.moveKeysTo(place);
            TokenIssuers issuers = TokenIssuersTest.issuers(Map.of("TUTTI_JWT_ISSUERS", issuer.url()));
            String token = issuer.sign(
                    TokenIssuersTest.claims("42").issuer(issuer.url()).build());

            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> issuers.verify(token))
                        .isInstanceOfSatisfying(
                                TuttiException.class,
                                told -> assertThat(told.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                        .hasMessageContaining("neither behind https nor on this machine");
            }
            assertThat(issuer.discoveries()).as("what is wrong is remembered").isLessThan(20);
        }
    }

    @Test
    void keysOnThisMachineAreAskedForWithoutHttps() throws Exception {
        try (Issuer issuer = new Issuer();
                Issuer other = new Issuer()) {
            issuer.moveKeysTo(other.url() + "/keys");
            TokenIssuers issuers = TokenIssuersTest.issuers(Map.of("TUTTI_JWT_ISSUERS", issuer.url()));

            assertThat(issuers.verify(other.sign(TokenIssuersTest.claims("42")
                                    .issuer(issuer.url())
                                    .build()))
                            .id())
                    .isEqualTo("42");
        }
    }
}
