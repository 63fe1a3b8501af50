package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes that are between settings. */
class ContradictionsTest {
    @ParameterizedTest
    @CsvSource({
        "DB_MIN_CONNECTIONS,x,DB_MAX_CONNECTIONS,3",
        "DB_MAX_CONNECTIONS,x,DB_MIN_CONNECTIONS,20",
        "TUTTI_DRAIN_DELAY,x,TUTTI_SHUTDOWN_BUDGET,1s",
        "TUTTI_ACCESS_TTL,x,TUTTI_REFRESH_TTL,1m",
        "TUTTI_MEMBER_TIMEOUT,x,TUTTI_HEARTBEAT_INTERVAL,1m",
        "TUTTI_HEARTBEAT_INTERVAL,x,TUTTI_MEMBER_TIMEOUT,1s",
        "JWT_SECRET,short,DATABASE_URL,postgres://me:pw@host/db",
        "REDIS_URL,none,TUTTI_BUS,redis",
        "REDIS_HOST,a b,TUTTI_BUS,redis",
        "S3_BUCKET,x,STORAGE_PROVIDER,s3",
        "S3_SECRET_ACCESS_KEY,a b,S3_ACCESS_KEY_ID,key",
        "SESSION_SECRET,short,USE_REDIS_SESSIONS,true",
    })
    void aValueThatCannotBeReadIsToldAloneAndContradictsNothing(
            String name, String unreadable, String other, String value) {
        Configuration.Outcome outcome =
                Configuration.of(List.of(new SettingSource("environment", Map.of(name, unreadable, other, value))));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Configuration.Invalid.class,
                        invalid -> assertThat(invalid.mistakes())
                                .extracting(ConfigurationError::name)
                                .containsExactly(name));
    }
}
