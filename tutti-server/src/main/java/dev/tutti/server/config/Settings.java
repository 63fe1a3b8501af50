package dev.tutti.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** All settings of the server. A new one is added to {@link #ALL}; everything else follows. */
public final class Settings {
    /** Every setting, in the order in which people read of them. */
    public static final List<Setting<?>> ALL = List.of(
            ServerSettings.PORT,
            ServerSettings.HOST,
            ServerSettings.INSTANCE_ID,
            ServerSettings.CORS_ORIGINS,
            ServerSettings.OPERATOR_PORT,
            TlsSettings.CERTIFICATE,
            TlsSettings.KEY,
            ServerSettings.TRUSTED_PROXIES,
            ServerSettings.SHUTDOWN_BUDGET,
            ServerSettings.DRAIN_DELAY,
            ServerSettings.RECONNECT_RATE,
            WorkSettings.APP_MODE,
            WorkSettings.WORKER_TYPE,
            WorkSettings.WORKER_COUNT,
            WorkSettings.LEASE_TTL,
            WorkSettings.FEED_VOLATILE,
            JobSettings.CONCURRENCY,
            JobSettings.RETENTION,
            WebhookSettings.TIMEOUT,
            WebhookSettings.LONGEST_PAUSE,
            WebhookSettings.DISABLE_AFTER,
            WebhookSettings.PRIVATE_NETWORKS,
            WorkSettings.APPLICATION,
            WorkSettings.PROCESSES,
            WorkSettings.NODE_ENV,
            DatabaseSettings.DATA_DIR,
            DatabaseSettings.DATABASE_URL,
            DatabaseSettings.DB_MAX_CONNECTIONS,
            DatabaseSettings.DB_MIN_CONNECTIONS,
            DatabaseSettings.DATABASE_DIRECT_URL,
            DatabaseSettings.BUS_CHANNEL,
            BusSettings.BUS,
            BusSettings.REDIS_URL,
            BusSettings.REDIS_CA_FILE,
            BusSettings.REDIS_PREFIX,
            CachingSettings.REDIS_HOST,
            CachingSettings.REDIS_PORT,
            CachingSettings.REDIS_PASSWORD,
            CachingSettings.REDIS_DB,
            CachingSettings.CACHE_PROVIDER,
            CachingSettings.CACHE_TTL_MS,
            CachingSettings.CACHE_MAX_SIZE,
            CachingSettings.CACHE_MAX_BYTES,
            CachingSettings.CACHE_USE_REDIS,
            FileStorageSettings.PROVIDER,
            FileStorageSettings.LOCAL_PATH,
            FileStorageSettings.BUCKET,
            FileStorageSettings.REGION,
            FileStorageSettings.ENDPOINT,
            FileStorageSettings.PATH_STYLE,
            FileStorageSettings.ACCESS_KEY_ID,
            FileStorageSettings.SECRET_ACCESS_KEY,
            FileStorageSettings.PREFIX,
            FileStorageSettings.MAX_BYTES,
            FileStorageSettings.ACCOUNT_BYTES,
            FileStorageSettings.ACCOUNT_FILES,
            FileStorageSettings.UPLOAD_TTL,
            IdentitySettings.JWT_SECRET,
            IdentitySettings.JWT_SECRET_PREVIOUS,
            IdentitySettings.ACCESS_TTL,
            IdentitySettings.OWN_ACCOUNTS,
            IdentitySettings.REGISTRATION,
            MailSettings.SMTP_URL,
            MailSettings.SMTP_FROM,
            MailSettings.PUBLIC_URL,
            IdentitySettings.RIGHTS,
            IdentitySettings.ISSUERS,
            IdentitySettings.AUDIENCE,
            IdentitySettings.KEY_SETS,
            IdentitySettings.PUBLIC_KEYS,
            IdentitySettings.HMAC_SECRET,
            IdentitySettings.USER_CLAIM,
            IdentitySettings.CAPABILITIES_CLAIM,
            IdentitySettings.REFRESH_TTL,
            HookSettings.URL,
            HookSettings.EVENTS,
            HookSettings.SECRET,
            HookSettings.TIMEOUT,
            HookSettings.FAILURE,
            HookSettings.CONCURRENCY,
            ClientSettings.MAX_CONNECTIONS,
            ClientSettings.ADDRESS_SHARE,
            ClientSettings.MAX_MESSAGE_BYTES,
            ClientSettings.WEBSOCKET_COMPRESSION,
            ClientSettings.PING_INTERVAL,
            ClientSettings.PING_TIMEOUT,
            ClientSettings.RECOVERY_WINDOW,
            RateLimitSettings.RATE_LIMITS,
            ClientSettings.MESSAGE_RATE,
            ClientSettings.MESSAGE_BURST,
            ClientSettings.QUEUE_BYTES,
            UsageSettings.LOGIN_FAILURES_PER_NAME,
            UsageSettings.LOGIN_FAILURES_PER_ADDRESS,
            UsageSettings.REGISTRATIONS_PER_ADDRESS,
            UsageSettings.BYTES_PER_DAY,
            UsageSettings.STREAMS_PER_DAY,
            UsageSettings.CONVERSATIONS_PER_DAY,
            DatabaseSettings.STREAM_RETENTION,
            LogSettings.LOG_FORMAT,
            LogSettings.LOG_LEVEL);

    private Settings() {}

    static Type<String> secret() {
        return Type.text("32 to 1000 characters without spaces", "\\S{32,1000}");
    }

    static Path path(String text) throws Refused {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Refused();
        }
    }
}
