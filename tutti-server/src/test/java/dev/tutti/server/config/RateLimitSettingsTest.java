package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitSettingsTest {
    private static List<ConfigurationError> warnings(String rights, String limits) {
        return TestConfiguration.of(Map.of("TUTTI_RIGHTS", rights, "TUTTI_RATE_LIMITS", limits))
                .warnings();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /api/streams/* by route: 60 per 1m",
                "POST /api/streams/* by address: 60 per 1m",
                "GET /api/streams by address: 60 per 1m",
                "GET /api/auth/* by address: 60 per 1m"
            })
    void publicStreamsWithoutALimitByAddressAreWarnedOf(String limits) {
        assertThat(warnings("read:room:*,anybody:read:room:public-*", limits))
                .singleElement()
                .satisfies(warning -> assertThat(warning.sentence())
                        .startsWith(
                                "TUTTI_RIGHTS (environment) lets anybody read streams, and TUTTI_RATE_LIMITS has no"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/streams/* by address: 60 per 1m",
                "/api/* by address: 600 per 1m",
                "GET /api/auth/* by key: 1 per 1s; GET /api/streams/* by address: 60 per 1m"
            })
    void thoseWithOneAreNot(String limits) {
        assertThat(warnings("anybody:read:room:public-*", limits)).isEmpty();
    }

    @Test
    void whereNothingIsPublicNoLimitIsMissed() {
        assertThat(warnings("read:room:*", "")).isEmpty();
    }
}
