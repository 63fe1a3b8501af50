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

/** The settings of Redis and of what instances tell each other over it. */
public final class BusSettings {
    /** Through what instances tell each other what is new. */
    public enum BusKind {
        AUTO,
        POSTGRES,
        REDIS
    }

    public static final Setting<BusKind> BUS = Setting.open(
            "TUTTI_BUS",
            REDIS,
            Type.oneOf(BusKind.class),
            "auto",
            "Through what instances tell each other what is new. auto: Redis if REDIS_URL is set, else PostgreSQL. The"
                    + " same for all instances.");

    public static final Setting<Optional<RedisAddress>> REDIS_URL = new Setting<>(
            "REDIS_URL",
            REDIS,
            Type.optional(new Type<>(
                    "redis://user:password@host:port/database, rediss://... with TLS,"
                            + " redis-sentinel://host:port,host:port/database#master, redis-cluster://host:port,host:port",
                    BusSettings::redis)),
            "",
            Disclosure.URL_WITH_CREDENTIALS,
            "A Redis of your own, or a cluster of Redis 7 or newer. Nothing is kept there that must not be lost.");

    public static final Setting<Optional<Path>> REDIS_CA_FILE = Setting.open(
            "REDIS_CA_FILE",
            REDIS,
            Type.optional(new Type<>("a file of certificates (PEM) that can be read", BusSettings::certificates)),
            "",
            "The certificates (PEM) of which one must have signed Redis's. Not set: those that Java trusts.");

    public static final Setting<String> REDIS_PREFIX = Setting.open(
            "TUTTI_REDIS_PREFIX",
            REDIS,
            Type.text("1 to 100 of A-Z a-z 0-9 . _ : -", "[A-Za-z0-9._:-]{1,100}"),
            "tutti:",
            "The prefix of all names in Redis. The same for all instances; another one for another cluster that uses"
                    + " the same Redis.");

    private BusSettings() {}

    /** The settings that are missing, if those that decide it can be read. */
    static List<Mistake> mistakes(SettingValues values) {
        boolean missing = values.readable(BUS, REDIS_URL)
                && values.value(BUS) == BusKind.REDIS
                && values.value(REDIS_URL).isEmpty()
                && values.text(CachingSettings.REDIS_HOST).isEmpty();
        return missing
                ? List.of(new Mistake(
                        REDIS_URL.name(),
                        "is required with TUTTI_BUS=redis; set it to "
                                + REDIS_URL.type().allowed()))
                : List.of();
    }

    private static RedisAddress redis(String text) throws Refused {
        try {
            return RedisAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refused();
        }
    }

    private static Path certificates(String text) throws Refused {
        Path file = Type.toPath(text);
        try (InputStream bytes = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509")
                    .generateCertificates(bytes)
                    .isEmpty()) {
                throw new Refused();
            }
            return file;
        } catch (IOException | CertificateException e) {
            throw new Refused();
        }
    }
}
