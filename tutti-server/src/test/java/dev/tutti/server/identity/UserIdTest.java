package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The ids of people of other issuers, as docs/identity.md has them: a backend has computed and keeps them. */
class UserIdTest {
    private static final String SECRET = "a-secret-of-a-backend-that-is-long-enough";
    private static final Map<String, String> BY_SECRET = Map.of("TUTTI_JWT_HMAC_SECRET", SECRET);
    private static final Map<String, String> WITHOUT_ACCOUNTS =
            Map.of("TUTTI_JWT_HMAC_SECRET", SECRET, "TUTTI_ACCOUNTS", "off");

    private static String id(Map<String, String> settings, String user) {
        String token = TokenIssuersTest.hmac(TokenIssuersTest.claims(user).build(), SECRET);
        return TokenIssuersTest.issuers(settings).verify(token).id();
    }

    @Test
    void anIdThatIsNotTakenAsItIsIsAHashThatABackendCanCompute() {
        assertThat(id(BY_SECRET, "auth0|42")).isEqualTo("x-FBugck8ezSXJTLIvwFogExDMdHia-Z0n");
        assertThat(id(BY_SECRET, "x-42")).isEqualTo("x-GWqVetg7EDTZyprtR5skTZQ1OQyTsU0_");
        assertThat(id(BY_SECRET, "0123456789abcdef01234567")).isEqualTo("x-iGX-qO22lxaawrT15jOeFkOTgQM2QO60");
        assertThat(id(WITHOUT_ACCOUNTS, "0123456789abcdef01234567")).isEqualTo("0123456789abcdef01234567");
        assertThat(id(BY_SECRET, "Ann.B_c-1")).isEqualTo("Ann.B_c-1");
    }

    @Test
    void whereSeveralIssuersAreTrustedTheHashIsOfTheIssuerToo() throws Exception {
        try (Issuer one = new Issuer();
                Issuer other = new Issuer()) {
            TokenIssuers issuers = TokenIssuersTest.issuers(Map.of(
                    "TUTTI_JWT_JWKS",
                    "https://a.example.com=" + one.url() + "/keys,https://b.example.com=" + other.url() + "/keys"));

            assertThat(issuers.verify(one.sign(TokenIssuersTest.claims("42")
                                    .issuer("https://a.example.com")
                                    .build()))
                            .id())
                    .isEqualTo("x-k62rvCcs6X_Q1H8MbH_Q9MXj2Dv0D8AM");
        }
    }
}
