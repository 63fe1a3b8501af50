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
            "The URL of your own Redis: one server, Sentinel, or a cluster of Redis 7 or newer. Redis holds nothing"
                    + " that must not be lost, except the attributes of sessions with USE_REDIS_SESSIONS=true. Not set:"
                    + " see REDIS_HOST.");

    public static final Setting<Optional<Path>> CA_FILE = Setting.open(
            "REDIS_CA_FILE",
            REDIS,
            Type.optional(
                    new Type<>("a file of certificates (PEM) that can be read", RedisConnectionSettings::certificates)),
            "",
            "The file with certificates (PEM) of authorities. One of them must have signed the certificate of Redis."
                    + " Not set: the authorities that Java trusts.");

    public static final Setting<String> PREFIX = Setting.open(
            "TUTTI_REDIS_PREFIX",
            REDIS,
            Type.text("1 to 100 of A-Z a-z 0-9 . _ : -", "[A-Za-z0-9._:-]{1,100}"),
            "tutti:",
            "The prefix of all names in Redis. The same for all instances. Use another prefix for another cluster that"
                    + " uses the same Redis.");

    public static final Setting<Optional<String>> HOST = Setting.open(
            "REDIS_HOST",
            REDIS,
            Type.optional(Type.text("a host name or address", "[A-Za-z0-9._:%-]{1,255}")),
            "",
            "The host of the Redis that CACHE_PROVIDER=redis, TUTTI_BUS=redis and USE_REDIS_SESSIONS=true use, if"
                    + " REDIS_URL is not set. Without one of these settings it has no effect. TUTTI_BUS=redis requires"
                    + " this or REDIS_URL. Not set: localhost.");

    public static final Setting<Optional<Integer>> PORT = Setting.open(
            "REDIS_PORT",
            REDIS,
            Type.unlessOfKubernetes(Type.optional(Type.whole(1, 65_535))),
            "",
            "The port at REDIS_HOST. Not set: 6379.");

    public static final Setting<Optional<String>> PASSWORD = new Setting<>(
            "REDIS_PASSWORD",
            REDIS,
            Type.optional(Type.text("1 to 1000 characters", ".{1,1000}")),
            "",
            SecretMask.SECRET,
            "The password of the Redis at REDIS_HOST. Not set: no password.");

    public static final Setting<Integer> DB = Setting.open(
            "REDIS_DB", REDIS, Type.whole(0, 65_535), "0", "The number of the database in the Redis at REDIS_HOST.");

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
