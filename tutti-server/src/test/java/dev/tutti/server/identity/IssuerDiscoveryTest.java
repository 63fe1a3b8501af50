package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an issuer may say that its keys are; more of discovery is in {@link TokenIssuersTest}. */
class IssuerDiscoveryTest {
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
