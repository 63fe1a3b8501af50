package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentitySettingsTest {
    private static final String LONG_ENOUGH = "0123456789abcdef0123456789abcdef";

    private static List<ConfigurationError> warnings(Map<String, String> values) {
        return TestConfiguration.of(values).warnings();
    }

    @ParameterizedTest
    @CsvSource({
        "TUTTI_JWT_HMAC_SECRET,a-secret-that-signs-tokens-long-enough",
        "TUTTI_JWT_ISSUERS,https://id.example.com",
        "TUTTI_JWT_JWKS,https://id.example.com/keys"
    })
    void tokensForAnyAudienceAreWarnedOf(String name, String value) {
        assertThat(warnings(Map.of(name, value)))
                .singleElement()
                .satisfies(warning -> assertThat(warning.sentence()).startsWith("TUTTI_JWT_AUDIENCE is not set: "));
        assertThat(warnings(Map.of(name, value, "TUTTI_JWT_AUDIENCE", "chat"))).isEmpty();
    }

    @Test
    void theRightsOfTheQuickStartAreWarnedOfWithADatabaseOfOnesOwn() {
        String url = "postgres://me:pw@host/db";
        assertThat(warnings(Map.of("DATABASE_URL", url, "JWT_SECRET", LONG_ENOUGH)))
                .singleElement()
                .satisfies(warning -> assertThat(warning.sentence())
                        .startsWith("TUTTI_RIGHTS is not set: everybody who is signed in may read all streams"));
        for (String rights : List.of("none", "read:room:*,publish:room:*")) {
            assertThat(warnings(Map.of("DATABASE_URL", url, "JWT_SECRET", LONG_ENOUGH, "TUTTI_RIGHTS", rights)))
                    .isEmpty();
        }
        assertThat(warnings(Map.of())).isEmpty();
    }
}
