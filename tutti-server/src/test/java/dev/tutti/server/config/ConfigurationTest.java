package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.redis.RedisAddress;
import dev.tutti.server.config.CachingSettings.CacheProvider;
import dev.tutti.stream.Retention;
import dev.tutti.stream.StreamName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    private static final String LONG_ENOUGH = "0123456789abcdef0123456789abcdef";

    @Test
    void nothingSaidMeansEveryDefault() {
        Configuration configuration = valid(Map.of());

        assertThat(configuration.value(ServerSettings.PORT)).isEqualTo(3000);
        assertThat(configuration.value(ServerSettings.HOST)).isEqualTo("127.0.0.1");
        assertThat(configuration.value(DatabaseSettings.DATA_DIR)).hasToString("./data");
        assertThat(configuration.value(DatabaseSettings.DATABASE_URL)).isEmpty();
        assertThat(configuration.value(ServerSettings.SHUTDOWN_BUDGET)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Settings.ALL)
                .allSatisfy(setting ->
                        assertThat(configuration.entry(setting).from()).isEqualTo("default"));
    }

    @Test
    void theStrongerSourceWinsAndIsNamed() {
        Configuration.Outcome outcome = Configuration.of(List.of(
                new SettingSource("flag", Map.of("PORT", "1")),
                new SettingSource("environment", Map.of("PORT", "2", "HOST", "::1")),
                new SettingSource(".env", Map.of("PORT", "3", "HOST", "0.0.0.0", "LOG_LEVEL", "WARN"))));

        assertThat(outcome).isInstanceOfSatisfying(Configuration.Valid.class, valid -> {
            assertThat(valid.configuration().entry(ServerSettings.PORT))
                    .isEqualTo(new Configuration.Entry("1", "flag"));
            assertThat(valid.configuration().entry(ServerSettings.HOST))
                    .isEqualTo(new Configuration.Entry("::1", "environment"));
            assertThat(valid.configuration().entry(LogSettings.LOG_LEVEL))
                    .isEqualTo(new Configuration.Entry("WARN", ".env"));
            assertThat(valid.configuration().value(LogSettings.LOG_LEVEL)).isEqualTo(LogSettings.LogLevel.WARN);
        });
    }

    @Test
    void anEmptyValueIsNoneAndTheNextSourceCounts() {
        Configuration.Outcome outcome = Configuration.of(List.of(
                new SettingSource("environment", Map.of("PORT", "  ")),
                new SettingSource(".env", Map.of("PORT", "4000"))));

        assertThat(outcome).isInstanceOfSatisfying(Configuration.Valid.class, valid -> {
            assertThat(valid.configuration().value(ServerSettings.PORT)).isEqualTo(4000);
        });
    }

    @Test
    void allMistakesAreToldAtOnceWithValueSourceAndWhatIsAllowed() {
        List<ConfigurationError> mistakes = invalid(Map.of(
                "PORT", "70000",
                "LOG_FORMAT", "xml",
                "TUTTI_DATADIR", "/x",
                "DB_MIN_CONNECTIONS", "20",
                "DATABASE_URL", "postgres://me:hidden@host/db",
                "JWT_SECRET", "tooshort"));

        assertThat(mistakes)
                .extracting(ConfigurationError::sentence)
                .containsExactlyInAnyOrder(
                        "TUTTI_DATADIR (environment) is not a setting; did you mean TUTTI_DATA_DIR?",
                        "PORT = '70000' (environment) is not allowed; allowed: 0 to 65535",
                        "LOG_FORMAT = 'xml' (environment) is not allowed; allowed: text, json",
                        "JWT_SECRET = '****' (environment) is not allowed; allowed: 32 to 1000 characters without"
                                + " spaces",
                        "DB_MIN_CONNECTIONS = '20' (environment) is not allowed; allowed: at most DB_MAX_CONNECTIONS,"
                                + " which is 10");
    }

    @Test
    void anInstanceIsNotTakenForDeadForOneLostHeartbeat() {
        assertThat(invalid(Map.of("TUTTI_HEARTBEAT_INTERVAL", "2s")))
                .extracting(ConfigurationError::sentence)
                .containsExactly("TUTTI_MEMBER_TIMEOUT = '5s' (default) is not allowed; allowed: at least three times"
                        + " TUTTI_HEARTBEAT_INTERVAL, which is 2s");

        assertThat(valid(Map.of("TUTTI_HEARTBEAT_INTERVAL", "2s", "TUTTI_MEMBER_TIMEOUT", "6s"))
                        .value(ClusterSettings.MEMBER_TIMEOUT))
                .isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aDatabaseOfOnesOwnDemandsTheSecretThatItsInstancesShare() {
        assertThat(invalid(Map.of("DATABASE_URL", "postgres://me:pw@host/db")))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.sentence())
                        .startsWith("JWT_SECRET is required with DATABASE_URL")
                        .contains("32 to 1000"));

        assertThat(valid(Map.of("DATABASE_URL", "postgres://me:pw@host/db", "JWT_SECRET", LONG_ENOUGH))
                        .value(IdentitySettings.JWT_SECRET))
                .contains(LONG_ENOUGH);
    }

    @Test
    void aBusOnRedisDemandsARedis() {
        assertThat(invalid(Map.of("TUTTI_BUS", "redis")))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.sentence()).startsWith("REDIS_URL is required"));

        assertThat(valid(Map.of("TUTTI_BUS", "redis", "REDIS_URL", "redis://localhost"))
                        .value(RedisConnectionSettings.URL))
                .isPresent();
        assertThat(valid(Map.of("TUTTI_BUS", "redis", "REDIS_HOST", "localhost"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aMistakeInALongValueIsNamedWithItsPlace() {
        assertThat(invalid(Map.of("TUTTI_RATE_LIMITS", "/a by key: 1 per 1s; /b by account: ten per 1s")))
                .extracting(ConfigurationError::sentence)
                .singleElement()
                .asString()
                .startsWith(
                        "TUTTI_RATE_LIMITS = '/a by key: 1 per 1s; /b by account: ten per 1s' (environment) is not allowed:"
                                + " rule 2 ('/b by account: ten per 1s'): behind the colon is 'ten per 1s'; ")
                .contains("; allowed: [METHOD] /path by");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://secret@host:1/x,redis://****@host:1/x",
        "redis://me:sec@ret@host:1,redis://****@host:1",
        "redis-sentinel://:secret@one,redis-sentinel://****@one",
    })
    void aRedisThatIsNoneIsRefusedWithoutItsPassword(String url, String shown) {
        assertThat(invalid(Map.of("REDIS_URL", url)))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.sentence())
                        .startsWith("REDIS_URL = '" + shown + "'")
                        .contains("redis-cluster://"));
    }

    @ParameterizedTest
    @CsvSource({
        "PORT,-1",
        "CACHE_PROVIDER,memcached",
        "CACHE_TTL_MS,0",
        "CACHE_MAX_SIZE,0",
        "TUTTI_CACHE_MAX_BYTES,1023",
        "REDIS_DB,-1",
        "REDIS_PORT,70000",
        "PORT,3000x",
        "PORT,99999999999",
        "PORT,0x10",
        "HOST,a b",
        "INSTANCE_ID,a/b",
        "TUTTI_SHUTDOWN_BUDGET,30",
        "TUTTI_SHUTDOWN_BUDGET,500ms",
        "TUTTI_SHUTDOWN_BUDGET,11m",
        "TUTTI_SHUTDOWN_BUDGET,-3s",
        "CORS_ORIGINS,example.com",
        "CORS_ORIGINS,https://a.example/path",
        "DATABASE_URL,mysql://a/b",
        "DB_MAX_CONNECTIONS,1",
        "TUTTI_RATE_LIMITS,/api/* by adress: 1 per 1s",
        "TUTTI_RETENTION,room=7d",
        "TUTTI_RETENTION,*=30s",
        "TUTTI_RETENTION,*=7d/0",
        "TUTTI_RETENTION,Room=7d;*=1d",
        "LOG_LEVEL,loud",
        "TUTTI_ACCESS_TTL,25h",
    })
    void whatIsNotAllowedIsRefused(String name, String value) {
        assertThat(invalid(Map.of(name, value))).anyMatch(error -> error.name().equals(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TUTTI_SERVICE_HOST",
                "TUTTI_SERVICE_PORT",
                "TUTTI_SERVICE_PORT_HTTP",
                "TUTTI_PORT",
                "TUTTI_PORT_3000_TCP_ADDR",
                "TUTTI_CANARY_SERVICE_HOST"
            })
    void whatKubernetesSetsForAServiceOfOurNameIsNoMistake(String name) {
        assertThat(valid(Map.of(name, "tcp://10.0.0.1:3000")).value(ServerSettings.PORT))
                .isEqualTo(3000);
    }

    @Test
    void whatKubernetesSetsIsNeverASetting() {
        assertThat(Settings.ALL)
                .filteredOn(setting -> !setting.equals(ServerSettings.OPERATOR_PORT))
                .extracting(Setting::name)
                .noneMatch(name -> name.matches("TUTTI_(.*_)?PORT(_.*)?"));
        assertThat(valid(Map.of("TUTTI_OPERATOR_PORT", "tcp://10.0.0.1:80")).value(ServerSettings.OPERATOR_PORT))
                .isEmpty();
        assertThat(valid(Map.of("TUTTI_OPERATOR_PORT", "9000")).value(ServerSettings.OPERATOR_PORT))
                .contains(9000);
    }

    @Test
    void retentionIsReadPerKind() {
        var policy = valid(Map.of("TUTTI_RETENTION", "room=7d/10000, feed=90m ,*=30d"))
                .value(EventSettings.STREAM_RETENTION);

        assertThat(policy.of(StreamName.of("room", "1"))).isEqualTo(new Retention(Duration.ofDays(7), 10_000));
        assertThat(policy.of(StreamName.of("feed", "1"))).isEqualTo(Retention.of(Duration.ofMinutes(90)));
        assertThat(policy.of(StreamName.of("x", "1"))).isEqualTo(Retention.of(Duration.ofDays(30)));
    }

    @Test
    void twoRulesForOneKindAreAMistake() {
        assertThat(invalid(Map.of("TUTTI_RETENTION", "room=7d,room=8d,*=30d"))).hasSize(1);
    }

    @Test
    void theListingShowsEverySettingAndNoSecret() {
        String listing = SettingsTable.of(valid(Map.of(
                "DATABASE_URL",
                "postgres://me:p@ss@host/db?sslmode=require&password=sesame",
                "JWT_SECRET",
                LONG_ENOUGH,
                "JWT_SECRET_PREVIOUS",
                LONG_ENOUGH + "x")));

        assertThat(listing)
                .contains(Settings.ALL.stream().map(Setting::name).toList())
                .containsPattern("DATABASE_URL +postgres://me:\\*{4}@host/db\\?sslmode=require&password=\\*{4} +env")
                .containsPattern("PORT +3000 +default")
                .doesNotContain("p@ss", "ss@host", "sesame", LONG_ENOUGH);
    }

    @ParameterizedTest
    @CsvSource({"TUTTI_DATADIR,TUTTI_DATA_DIR", "TUTTI_ACESS_TTL,TUTTI_ACCESS_TTL", "TUTTI_DATABASE_URL,DATABASE_URL"})
    void anUnknownNameIsAnsweredWithTheNearestOne(String typed, String meant) {
        assertThat(invalid(Map.of(typed, "1")))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.sentence()).endsWith("did you mean " + meant + "?"));
    }

    @ParameterizedTest
    @CsvSource({
        "DB_MAX_CONECTIONS,DB_MAX_CONNECTIONS",
        "REDIS_URI,REDIS_URL",
        "DATA_DIR,TUTTI_DATA_DIR",
        "POSTGRES_PASSWORD,DATABASE_URL",
        "TUTTI_HOME,TUTTI_BUS"
    })
    void whatLooksLikeASettingAndIsNoneIsWarnedOf(String name, String hint) {
        assertThat(valid(Map.of(name, "secret")).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.sentence())
                        .startsWith(name + " (environment) has no effect")
                        .endsWith(hint)
                        .doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "HOME",
                "HOSTNAME",
                "PWD",
                "SHELL",
                "LANG",
                "LOGNAME",
                "USER",
                "TERM",
                "NODE_ENV",
                "JAVA_HOME"
            })
    void whatEverybodyHasInTheEnvironmentIsNotWarnedOf(String name) {
        assertThat(valid(Map.of(name, "x")).warnings()).isEmpty();
    }

    @Test
    void theKeyOfTheCommandsIsNotWarnedOf() {
        assertThat(valid(Map.of("TUTTI_KEY", "tutti_3f0c_secret")).warnings()).isEmpty();
    }

    @Test
    void whatIsSaidOtherwiseIsNotWarnedOf() {
        assertThat(valid(Map.of("REDIS_HOST", "localhost", "REDIS_URL", "redis://localhost"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void theOlderNameOfTheProviderWorksAndIsDeprecated() {
        Configuration legacy = valid(Map.of("CACHE_USE_REDIS", "true"));
        assertThat(CachingSettings.provider(legacy)).isEqualTo(CacheProvider.REDIS);
        assertThat(legacy.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.sentence())
                        .isEqualTo("CACHE_USE_REDIS (environment) is deprecated; set CACHE_PROVIDER=redis instead"));
        assertThat(CachingSettings.provider(valid(Map.of("CACHE_USE_REDIS", "false"))))
                .isEqualTo(CacheProvider.LOCAL);
        assertThat(CachingSettings.provider(valid(Map.of("CACHE_USE_REDIS", "true", "CACHE_PROVIDER", "redis"))))
                .isEqualTo(CacheProvider.REDIS);
        assertThat(CachingSettings.provider(valid(Map.of("CACHE_USE_REDIS", "true", "CACHE_PROVIDER", "local"))))
                .isEqualTo(CacheProvider.LOCAL);
    }

    @Test
    void aRedisMayBeSaidInPartsAsWell() {
        Configuration parts = valid(Map.of(
                "CACHE_PROVIDER", "redis",
                "REDIS_HOST", "cache.example.com",
                "REDIS_PORT", "6380",
                "REDIS_PASSWORD", "p@ss word",
                "REDIS_DB", "3"));
        assertThat(RedisConnectionSettings.address(parts))
                .isEqualTo(RedisAddress.parse("redis://p%40ss%20word@cache.example.com:6380/3"));
        assertThat(parts.warnings()).isEmpty();
        assertThat(SettingsTable.of(parts)).doesNotContain("p@ss");
        assertThat(RedisConnectionSettings.address(valid(Map.of("CACHE_PROVIDER", "redis"))))
                .isEqualTo(RedisAddress.parse("redis://localhost:6379"));
        assertThat(RedisConnectionSettings.address(valid(Map.of("REDIS_HOST", "one", "REDIS_URL", "redis://two"))))
                .isEqualTo(RedisAddress.parse("redis://two"));
        assertThat(valid(Map.of("CACHE_PROVIDER", "redis", "REDIS_PORT", "tcp://10.0.0.1:6379"))
                        .value(RedisConnectionSettings.PORT))
                .as("what Kubernetes sets for a service called redis")
                .isEmpty();
    }

    @Test
    void sessionsInRedisNeedSecretsThatInstancesShare() {
        Map<String, String> shared = Map.of(
                "USE_REDIS_SESSIONS", "true", "DATABASE_URL", "postgres://me:pw@host/db", "JWT_SECRET", LONG_ENOUGH);
        assertThat(invalid(shared))
                .hasSize(2)
                .allSatisfy(
                        mistake -> assertThat(mistake.sentence()).contains("is required with USE_REDIS_SESSIONS=true"));
        Map<String, String> tooShort = new HashMap<>(shared);
        tooShort.put("SESSION_SECRET", "short");
        tooShort.put("SESSION_ENCRYPTION_KEY", LONG_ENOUGH);
        assertThat(invalid(tooShort))
                .extracting(ConfigurationError::sentence)
                .singleElement()
                .asString()
                .startsWith("SESSION_SECRET = '****'");
        tooShort.put("SESSION_SECRET", LONG_ENOUGH);
        assertThat(valid(tooShort).value(SessionStoreSettings.SECRET)).contains(LONG_ENOUGH);
        assertThat(valid(Map.of("USE_REDIS_SESSIONS", "true", "REDIS_HOST", "one"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void partsOfARedisThatNothingUsesAreWarnedOf() {
        assertThat(valid(Map.of("REDIS_HOST", "one", "REDIS_DB", "3")).warnings())
                .extracting(ConfigurationError::sentence)
                .containsExactly(
                        "REDIS_HOST (environment) has no effect: neither CACHE_PROVIDER nor TUTTI_BUS is redis, and USE_REDIS_SESSIONS is false",
                        "REDIS_DB (environment) has no effect: neither CACHE_PROVIDER nor TUTTI_BUS is redis, and USE_REDIS_SESSIONS is false");
    }

    @Test
    void certificatesAreLookedAtBeforeTheyAreNeeded(@TempDir Path directory) throws IOException {
        Path empty = Files.writeString(directory.resolve("ca.pem"), "");
        for (String file : List.of(directory.resolve("none").toString(), directory.toString(), empty.toString())) {
            assertThat(invalid(Map.of("REDIS_CA_FILE", file)))
                    .singleElement()
                    .satisfies(mistake -> assertThat(mistake.sentence())
                            .startsWith("REDIS_CA_FILE = '" + file + "'")
                            .endsWith("a file of certificates (PEM) that can be read"));
        }
    }

    private static Configuration valid(Map<String, String> environment) {
        return switch (Configuration.of(List.of(new SettingSource("environment", environment)))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }

    private static List<ConfigurationError> invalid(Map<String, String> environment) {
        return switch (Configuration.of(List.of(new SettingSource("environment", environment)))) {
            case Configuration.Valid valid -> throw new AssertionError("accepted " + environment);
            case Configuration.Invalid(List<ConfigurationError> mistakes) -> mistakes;
        };
    }
}
