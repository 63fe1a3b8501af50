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
            "true: the attributes of sessions are in Redis, at REDIS_URL or else REDIS_HOST. false: they are in"
                    + " PostgreSQL. They are encrypted in both. The same for all instances.");

    public static final Setting<Optional<String>> SECRET = new Setting<>(
            "SESSION_SECRET",
            ACCOUNTS,
            Type.optional(Type.secret()),
            "",
            SecretMask.SECRET,
            "The secret from which the names of sessions in the store are made, so that the store does not contain the"
                    + " ids of sessions. The same for all instances. Required with USE_REDIS_SESSIONS=true and"
                    + " DATABASE_URL. Not set: JWT_SECRET is used. This command makes a good one: openssl rand -hex"
                    + " 32");

    public static final Setting<List<String>> SECRET_PREVIOUS = new Setting<>(
            "SESSION_SECRET_PREVIOUS",
            ACCOUNTS,
            Type.words(Type.secret(), MOST_PREVIOUS),
            "",
            SecretMask.SECRET,
            "Secrets that are accepted, too. SESSION_SECRET is changed in the same steps as JWT_SECRET; the old secret"
                    + " stays here until TUTTI_SESSION_TTL has passed.");

    public static final Setting<Optional<String>> ENCRYPTION_KEY = new Setting<>(
            "SESSION_ENCRYPTION_KEY",
            ACCOUNTS,
            Type.optional(Type.secret()),
            "",
            SecretMask.SECRET,
            "The secret that encrypts the attributes of sessions (AES-256-GCM). The same for all instances. Required"
                    + " with USE_REDIS_SESSIONS=true and DATABASE_URL. Not set: JWT_SECRET is used. This command makes"
                    + " a good one: openssl rand -hex 32");

    public static final Setting<List<String>> ENCRYPTION_KEY_PREVIOUS = new Setting<>(
            "SESSION_ENCRYPTION_KEY_PREVIOUS",
            ACCOUNTS,
            Type.words(Type.secret(), MOST_PREVIOUS),
            "",
            SecretMask.SECRET,
            "Secrets that decrypt, too. SESSION_ENCRYPTION_KEY is changed in the same steps as JWT_SECRET; the old"
                    + " secret stays here until TUTTI_SESSION_TTL has passed.");

    public static final Setting<Duration> TTL = Setting.open(
            "TUTTI_SESSION_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "24h",
            "The time for which the attributes of a session are kept while they are not used. The same for all"
                    + " instances.");

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
