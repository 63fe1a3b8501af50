package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.ACCOUNTS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings of what is kept of somebody for as long as they are logged in. */
public final class SessionStoreSettings {
    private static final int MOST_PREVIOUS = 10;

    public static final Setting<Boolean> USE_REDIS = Setting.open(
            "USE_REDIS_SESSIONS",
            ACCOUNTS,
            Type.bool(),
            "false",
            "Whether attributes of sessions are in Redis, at REDIS_URL or else REDIS_HOST, instead of PostgreSQL. Encrypted in either."
                    + " The same for all instances.");

    public static final Setting<Optional<String>> SECRET = new Setting<>(
            "SESSION_SECRET",
            ACCOUNTS,
            Type.optional(Type.secret()),
            "",
            SecretMask.SECRET,
            "The names of sessions in the store are made with it, so that it has no ids of sessions; the same for all instances. Required"
                    + " with USE_REDIS_SESSIONS=true and DATABASE_URL. Not set: one from JWT_SECRET. A good one: openssl rand"
                    + " -hex 32");

    public static final Setting<List<String>> SECRET_PREVIOUS = new Setting<>(
            "SESSION_SECRET_PREVIOUS",
            ACCOUNTS,
            Type.words(Type.secret(), MOST_PREVIOUS),
            "",
            SecretMask.SECRET,
            "Accepted as well. It is replaced as JWT_SECRET is; the old one stays here until TUTTI_SESSION_TTL has passed.");

    public static final Setting<Optional<String>> ENCRYPTION_KEY = new Setting<>(
            "SESSION_ENCRYPTION_KEY",
            ACCOUNTS,
            Type.optional(Type.secret()),
            "",
            SecretMask.SECRET,
            "Encrypts attributes of sessions (AES-256-GCM); the same for all instances. Required with USE_REDIS_SESSIONS=true and"
                    + " DATABASE_URL. Not set: one from JWT_SECRET. A good one: openssl rand -hex 32");

    public static final Setting<List<String>> ENCRYPTION_KEY_PREVIOUS = new Setting<>(
            "SESSION_ENCRYPTION_KEY_PREVIOUS",
            ACCOUNTS,
            Type.words(Type.secret(), MOST_PREVIOUS),
            "",
            SecretMask.SECRET,
            "Decrypts as well. It is replaced as JWT_SECRET is; the old one stays here until TUTTI_SESSION_TTL has passed.");

    public static final Setting<Duration> TTL = Setting.open(
            "TUTTI_SESSION_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "24h",
            "For how long attributes of a session are kept that are not used. The same for all instances.");

    private SessionStoreSettings() {}

    /** The settings that are missing, if those that decide it can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        if (!values.readable(DatabaseSettings.DATABASE_URL, USE_REDIS, SECRET, ENCRYPTION_KEY)) {
            return List.of();
        }
        List<ConfigurationError> mistakes = new ArrayList<>();
        if (values.value(USE_REDIS)
                && values.value(DatabaseSettings.DATABASE_URL).isPresent()) {
            for (Setting<Optional<String>> secret : List.of(SECRET, ENCRYPTION_KEY)) {
                if (values.value(secret).isEmpty()) {
                    mistakes.add(new ConfigurationError(
                            secret.name(),
                            "is required with " + USE_REDIS.name() + "=true and DATABASE_URL; set it to "
                                    + secret.type().allowed() + ", for example what openssl rand -hex 32 prints"));
                }
            }
        }
        return mistakes;
    }
}
