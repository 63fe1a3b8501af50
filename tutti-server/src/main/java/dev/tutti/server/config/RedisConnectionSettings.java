package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.REDIS;

import dev.tutti.redis.RedisAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;

/** The settings of how Redis is reached, for all its uses: by its URL, or by parts of it. */
public final class RedisConnectionSettings {
    private static final String LOCALHOST = "localhost";
    private static final int STANDARD_PORT = 6379;

    public static final Setting<Optional<RedisAddress>> URL = new Setting<>(
            "REDIS_URL",
            REDIS,
            Type.optional(new Type<>(
                    "redis://user:password@host:port/database, rediss://... with TLS,"
                            + " redis-sentinel://host:port,host:port/database#master, redis-cluster://host:port,host:port",
                    RedisConnectionSettings::redis)),
            "",
            SecretMask.URL_WITH_CREDENTIALS,
            "A Redis of your own, or a cluster of Redis 7 or newer. Nothing is kept there that must not be lost.");

    public static final Setting<Optional<Path>> CA_FILE = Setting.open(
            "REDIS_CA_FILE",
            REDIS,
            Type.optional(
                    new Type<>("a file of certificates (PEM) that can be read", RedisConnectionSettings::certificates)),
            "",
            "The certificates (PEM) of which one must have signed Redis's. Not set: those that Java trusts.");

    public static final Setting<String> PREFIX = Setting.open(
            "TUTTI_REDIS_PREFIX",
            REDIS,
            Type.text("1 to 100 of A-Z a-z 0-9 . _ : -", "[A-Za-z0-9._:-]{1,100}"),
            "tutti:",
            "The prefix of all names in Redis. The same for all instances; another one for another cluster that uses"
                    + " the same Redis.");

    public static final Setting<Optional<String>> HOST = Setting.open(
            "REDIS_HOST",
            REDIS,
            Type.optional(Type.text("a host name or address", "[A-Za-z0-9._:%-]{1,255}")),
            "",
            "Where the Redis of CACHE_PROVIDER=redis, TUTTI_BUS=redis and USE_REDIS_SESSIONS=true is, if REDIS_URL is not set; by itself it moves"
                    + " nothing to Redis. Not set: localhost.");

    public static final Setting<Optional<Integer>> PORT = Setting.open(
            "REDIS_PORT",
            REDIS,
            Type.unlessOfKubernetes(Type.optional(Type.whole(1, 65_535))),
            "",
            "The port there. Not set: 6379.");

    public static final Setting<Optional<String>> PASSWORD = new Setting<>(
            "REDIS_PASSWORD",
            REDIS,
            Type.optional(Type.text("1 to 1000 characters", ".{1,1000}")),
            "",
            SecretMask.SECRET,
            "The password there. Not set: none.");

    public static final Setting<Integer> DB =
            Setting.open("REDIS_DB", REDIS, Type.whole(0, 65_535), "0", "The number of the database there.");

    private static final List<Setting<?>> PARTS = List.of(HOST, PORT, PASSWORD, DB);

    private RedisConnectionSettings() {}

    /** Where Redis is, for those that are to use it. */
    public static RedisAddress address(SettingValues values) {
        return values.value(URL)
                .orElseGet(() -> new RedisAddress(
                        RedisAddress.Kind.SERVER,
                        false,
                        List.of(new RedisAddress.Host(
                                values.value(HOST).orElse(LOCALHOST),
                                values.value(PORT).orElse(STANDARD_PORT))),
                        "",
                        values.value(PASSWORD).orElse(""),
                        values.value(DB),
                        ""));
    }

    /** Whether anything is in Redis. */
    public static boolean isUsed(SettingValues values) {
        return values.value(URL).isPresent()
                || values.value(BusSettings.BUS) == BusSettings.BusKind.REDIS
                || CachingSettings.provider(values) == CachingSettings.CacheProvider.REDIS
                || values.value(SessionStoreSettings.USE_REDIS);
    }

    /** The parts that are set and have no effect; all of them can be read. */
    static List<ConfigurationError> warnings(SettingValues values) {
        return isUsed(values)
                ? List.of()
                : PARTS.stream()
                        .filter(values::isSet)
                        .filter(part -> !Optional.empty().equals(values.value(part)))
                        .map(part -> new ConfigurationError(
                                part.name(),
                                "(" + values.from(part) + ") has no effect: neither "
                                        + CachingSettings.CACHE_PROVIDER.name() + " nor " + BusSettings.BUS.name()
                                        + " is redis, and " + SessionStoreSettings.USE_REDIS.name() + " is false"))
                        .toList();
    }

    private static RedisAddress redis(String text) throws InvalidValueException {
        try {
            return RedisAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException();
        }
    }

    private static Path certificates(String text) throws InvalidValueException {
        Path file = Type.toPath(text);
        try (InputStream bytes = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509")
                    .generateCertificates(bytes)
                    .isEmpty()) {
                throw new InvalidValueException();
            }
            return file;
        } catch (IOException | CertificateException e) {
            throw new InvalidValueException();
        }
    }
}
