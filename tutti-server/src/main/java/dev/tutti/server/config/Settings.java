package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.ACCOUNTS;
import static dev.tutti.server.config.Setting.Section.DATABASE;
import static dev.tutti.server.config.Setting.Section.LIMITS;
import static dev.tutti.server.config.Setting.Section.LOG;
import static dev.tutti.server.config.Setting.Section.REDIS;
import static dev.tutti.server.config.Setting.Section.RETENTION;
import static dev.tutti.server.config.Setting.Section.SERVER;

import dev.tutti.redis.RedisAddress;
import dev.tutti.stream.RetentionPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All settings of the server. A new one is added here, and to {@link #ALL}; everything else follows. */
public final class Settings {
    /** How log lines are written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** The least important lines that are written. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** Through what instances tell each other what is new. */
    public enum BusKind {
        AUTO,
        POSTGRES,
        REDIS
    }

    public static final Setting<Integer> PORT = Setting.open(
            "PORT",
            SERVER,
            Type.whole(0, 65_535),
            "3000",
            "The TCP port for HTTP, WebSocket and Socket.IO. 0 takes any free one and says which.");

    public static final Setting<String> HOST = Setting.open(
            "HOST",
            SERVER,
            Type.text("a host name or address", "[A-Za-z0-9._:%-]{1,255}"),
            "127.0.0.1",
            "The address to listen on. 0.0.0.0 makes the server reachable from other machines.");

    public static final Setting<Optional<String>> INSTANCE_ID = Setting.open(
            "INSTANCE_ID",
            SERVER,
            Type.optional(Type.text("1 to 64 of A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{1,64}")),
            "",
            "What this process is called in the X-Instance-Id header, in log lines and in metrics. Must differ between"
                    + " processes. Not set: host name, process id and a random part.");

    public static final Setting<List<String>> CORS_ORIGINS = Setting.open(
            "CORS_ORIGINS",
            SERVER,
            Type.list(Type.text(
                    "* or origins such as https://app.example.com, https://*.example.com or capacitor://localhost",
                    "\\*|[A-Za-z][A-Za-z0-9+.-]{0,30}://(\\*\\.)?[A-Za-z0-9._\\[\\]:-]{1,255}/?")),
            "",
            "Other origins whose pages may use this server from a browser, of any scheme; https://*.example.com are all"
                    + " hosts below example.com. Not set: its own pages only.");

    public static final Setting<Optional<Integer>> OPERATOR_PORT = Setting.open(
            "TUTTI_OPERATOR_PORT",
            SERVER,
            Type.unlessOfKubernetes(Type.optional(Type.whole(0, 65_535))),
            "",
            "A port of their own for /health, /health/live, /health/ready, /api/health and /metrics, which PORT then does"
                    + " not have any more. Not set: they are on PORT. The workers of ./tutti cluster have it on 127.0.0.1: the"
                    + " first this port, each next one port further.");

    public static final Setting<List<String>> TRUSTED_PROXIES = Setting.open(
            "TUTTI_TRUSTED_PROXIES",
            SERVER,
            Type.list(Type.text("addresses or networks such as 10.0.0.0/8", "[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?")),
            "",
            "The load balancers before this server, whose X-Forwarded-For is believed: limits per address then count the"
                    + " clients', not the balancer's. Not set: nobody's.");

    public static final Setting<Duration> SHUTDOWN_BUDGET = Setting.open(
            "TUTTI_SHUTDOWN_BUDGET",
            SERVER,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "30s",
            "How long leaving may take after SIGTERM or SIGINT, requests in flight included. Whatever ends the process"
                    + " from outside must wait longer.");

    public static final Setting<Duration> DRAIN_DELAY = Setting.open(
            "TUTTI_DRAIN_DELAY",
            SERVER,
            Type.duration(Duration.ZERO, Duration.ofMinutes(5)),
            "0s",
            "How long leaving begins with /health/ready saying 503 and everything else going on as before. Behind a load"
                    + " balancer: a little more than the interval of its checks. Part of, and less than,"
                    + " TUTTI_SHUTDOWN_BUDGET.");

    public static final Setting<Integer> RECONNECT_RATE = Setting.open(
            "TUTTI_RECONNECT_RATE",
            SERVER,
            Type.whole(1, 1_000_000),
            "200",
            "When an instance leaves: how many clients a second each of the others takes over. Connections are closed no"
                    + " faster than that, but within a quarter of TUTTI_SHUTDOWN_BUDGET.");

    public static final Setting<Path> DATA_DIR = Setting.open(
            "TUTTI_DATA_DIR",
            DATABASE,
            new Type<>("a path", Settings::path),
            "./data",
            "Where the embedded database and the secrets made on the first start are kept. Made if it does not exist."
                    + " Not used when DATABASE_URL is set.");

    public static final Setting<Optional<String>> DATABASE_URL = new Setting<>(
            "DATABASE_URL",
            DATABASE,
            Type.optional(Type.text(
                    "postgres://user:password@host:5432/database, postgresql://... or jdbc:postgresql://...",
                    "(jdbc:)?(postgresql|postgres)://\\S{1,2000}")),
            "",
            Disclosure.URL_WITH_PASSWORD,
            "A PostgreSQL of your own, version 14 or newer. On another machine its sslmode is required: verify-full, with"
                    + " sslrootcert=/path/ca.pem or sslrootcert=system; or, if you know what you do, require or disable. Not"
                    + " set: an embedded PostgreSQL 18 in TUTTI_DATA_DIR.");

    public static final Setting<Integer> DB_MAX_CONNECTIONS = Setting.open(
            "DB_MAX_CONNECTIONS",
            DATABASE,
            Type.whole(3, 1_000),
            "10",
            "The most connections to PostgreSQL that all instances together have open at a time; each gets the same share"
                    + " of them. An instance needs 2, and one is kept free for the next that starts, two where there is"
                    + " room: 2 x instances + 1 at least, more is faster. The same for all instances.");

    public static final Setting<Integer> DB_MIN_CONNECTIONS = Setting.open(
            "DB_MIN_CONNECTIONS",
            DATABASE,
            Type.whole(0, 1_000),
            "2",
            "Connections of one instance that are kept open when there is nothing to do. At most DB_MAX_CONNECTIONS.");

    public static final Setting<Optional<String>> DATABASE_DIRECT_URL = new Setting<>(
            "DATABASE_DIRECT_URL",
            DATABASE,
            Type.optional(Type.text(
                    "postgres://user:password@host:5432/database, postgresql://... or jdbc:postgresql://...",
                    "(jdbc:)?(postgresql|postgres)://\\S{1,2000}")),
            "",
            Disclosure.URL_WITH_PASSWORD,
            "The same database past a pooler such as PgBouncer, for what a pooler in transaction mode cannot carry:"
                    + " notifications and migrations. Needed if DATABASE_URL leads through one; found out on start.");

    public static final Setting<String> BUS_CHANNEL = Setting.open(
            "BUS_CHANNEL",
            DATABASE,
            Type.text("1 to 40 of a-z 0-9 _, the first no digit", "[a-z_][a-z0-9_]{0,39}"),
            "app_events",
            "What the names of the notification channels begin with, by which instances tell each other what is new. The"
                    + " same for all instances; another one for another cluster in the same database.");

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
                    Settings::redis)),
            "",
            Disclosure.URL_WITH_CREDENTIALS,
            "A Redis of your own, or a cluster of Redis 7 or newer. Nothing is kept there that must not be lost.");

    public static final Setting<Optional<Path>> REDIS_CA_FILE = Setting.open(
            "REDIS_CA_FILE",
            REDIS,
            Type.optional(new Type<>("a file of certificates (PEM) that can be read", Settings::certificates)),
            "",
            "The certificates (PEM) of which one must have signed Redis's. Not set: those that Java trusts.");

    public static final Setting<String> REDIS_PREFIX = Setting.open(
            "TUTTI_REDIS_PREFIX",
            REDIS,
            Type.text("1 to 100 of A-Z a-z 0-9 . _ : -", "[A-Za-z0-9._:-]{1,100}"),
            "tutti:",
            "What all names in Redis begin with. The same for all instances; another one for another cluster that uses"
                    + " the same Redis.");

    public static final Setting<Optional<String>> JWT_SECRET = new Setting<>(
            "JWT_SECRET",
            ACCOUNTS,
            Type.optional(secret()),
            "",
            Disclosure.SECRET,
            "Signs access tokens, and seals what instances tell each other; the same for all instances. Required with DATABASE_URL; with the embedded database one"
                    + " is made on the first start. A good one: openssl rand -base64 48");

    public static final Setting<Optional<String>> JWT_SECRET_PREVIOUS = new Setting<>(
            "JWT_SECRET_PREVIOUS",
            ACCOUNTS,
            Type.optional(secret()),
            "",
            Disclosure.SECRET,
            "Still accepted, no longer used to sign. To change JWT_SECRET without logging anyone out: put the old one"
                    + " here until TUTTI_ACCESS_TTL has passed on all instances.");

    public static final Setting<Duration> ACCESS_TTL = Setting.open(
            "TUTTI_ACCESS_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
            "15m",
            "How long an access token is valid.");

    public static final Setting<Duration> REFRESH_TTL = Setting.open(
            "TUTTI_REFRESH_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(400)),
            "30d",
            "How long somebody who does nothing stays logged in.");

    public static final Setting<Integer> MAX_CONNECTIONS = Setting.open(
            "MAX_CONNECTIONS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "10000",
            "Client connections of this process. The next one is refused with 503 instance_full. The process needs more"
                    + " open files than that (ulimit -n); where it has fewer, the bound is lower, which the start says.");

    public static final Setting<Integer> ADDRESS_SHARE = Setting.open(
            "TUTTI_ADDRESS_SHARE",
            LIMITS,
            Type.whole(1, 100),
            "50",
            "How much of the connections, of the requests at a time and of what is being received one network address may"
                    + " have before anybody there has logged in, and one account afterwards, in percent, while nobody else"
                    + " asks. An IPv6 address counts as its /64. 100: no limit. Behind a balancer set TUTTI_TRUSTED_PROXIES.");

    public static final Setting<Integer> MAX_MESSAGE_BYTES = Setting.open(
            "TUTTI_MAX_MESSAGE_BYTES",
            LIMITS,
            Type.bytes(256, 64 << 20),
            "1m",
            "The largest message or request body that a client may send.");

    public static final Setting<Boolean> WEBSOCKET_COMPRESSION = Setting.open(
            "TUTTI_WEBSOCKET_COMPRESSION",
            LIMITS,
            Type.bool(),
            "false",
            "Whether WebSockets, those of Socket.IO too, compress messages of 1 KiB and more with clients that offer it"
                    + " (permessage-deflate). Saves bandwidth, costs CPU. TUTTI_MAX_MESSAGE_BYTES holds for the inflated message.");

    public static final Setting<Duration> PING_INTERVAL = Setting.open(
            "TUTTI_PING_INTERVAL",
            LIMITS,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "25s",
            "How often each connection is asked whether its client is there. Shorter than what a load balancer lets a"
                    + " connection be silent.");

    public static final Setting<Duration> PING_TIMEOUT = Setting.open(
            "TUTTI_PING_TIMEOUT",
            LIMITS,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "20s",
            "How long a Socket.IO client may be silent after a ping before its connection is closed. Clients wait for the"
                    + " next ping as long as that, too.");

    public static final Setting<Duration> RECOVERY_WINDOW = Setting.open(
            "TUTTI_RECOVERY_WINDOW",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            "2m",
            "For how long a Socket.IO client of a recoverable namespace may be away and come back as the socket that it was."
                    + " The same for all instances; events of the namespace must be kept for longer.");

    public static final Setting<Integer> MESSAGE_RATE = Setting.open(
            "TUTTI_MESSAGE_RATE",
            LIMITS,
            Type.whole(1, 1_000_000),
            "100",
            "Messages per second that one connection may send in the long run, and 40 KiB for each.");

    public static final Setting<Integer> MESSAGE_BURST = Setting.open(
            "TUTTI_MESSAGE_BURST",
            LIMITS,
            Type.whole(1, 1_000_000),
            "200",
            "Messages that one connection may send at once.");

    public static final Setting<Integer> QUEUE_BYTES = Setting.open(
            "TUTTI_QUEUE_BYTES",
            LIMITS,
            Type.bytes(64 << 10, 256 << 20),
            "1m",
            "What may wait for one connection that reads slowly. Durable events wait in the log instead, ephemeral ones"
                    + " are dropped; a connection that has this much waiting all the same is closed with slow_consumer.");

    public static final Setting<Integer> LOGIN_FAILURES_PER_NAME = Setting.open(
            "TUTTI_LOGIN_FAILURES_PER_NAME",
            LIMITS,
            Type.whole(1, 1_000_000),
            "10",
            "Failed logins with one name: so many at once, and then so many per minute.");

    public static final Setting<Integer> LOGIN_FAILURES_PER_ADDRESS = Setting.open(
            "TUTTI_LOGIN_FAILURES_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "60",
            "Failed logins from one network address: so many at once, and then so many per minute.");

    public static final Setting<Integer> REGISTRATIONS_PER_ADDRESS = Setting.open(
            "TUTTI_REGISTRATIONS_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "120",
            "Accounts made from one network address: so many at once, and then so many per minute.");

    public static final Setting<Long> BYTES_PER_DAY = Setting.open(
            "TUTTI_BYTES_PER_DAY",
            LIMITS,
            Type.count(1_000, 1L << 50),
            "1073741824",
            "Bytes of events that one account may write in a day of UTC, over all instances, 200 for each event included."
                    + " More are refused with quota_exceeded.");

    public static final Setting<Long> STREAMS_PER_DAY = Setting.open(
            "TUTTI_STREAMS_PER_DAY",
            LIMITS,
            Type.count(1, 1L << 50),
            "10000",
            "Streams that one account may create in a day of UTC, by publishing to them or by founding groups.");

    public static final Setting<Long> CONVERSATIONS_PER_DAY = Setting.open(
            "TUTTI_CONVERSATIONS_PER_DAY",
            LIMITS,
            Type.count(1, 1L << 50),
            "500",
            "Conversations that one account may begin in a day of UTC with people who have not agreed: invitations, and groups"
                    + " into which it brings people with whom it does not talk.");

    public static final Setting<RetentionPolicy> STREAM_RETENTION = Setting.open(
            "TUTTI_RETENTION",
            RETENTION,
            RetentionType.RETENTION,
            "conversation=3650d,user=90d,*=30d",
            "How long events are kept per kind of stream (what stands before the colon of its name), and how many of"
                    + " each stream; what goes first ends it. Chat history is kind conversation.");

    public static final Setting<LogFormat> LOG_FORMAT = Setting.open(
            "LOG_FORMAT",
            LOG,
            Type.oneOf(LogFormat.class),
            "text",
            "text: [time] [LEVEL] [instance] message. json: one object per line.");

    public static final Setting<LogLevel> LOG_LEVEL = Setting.open(
            "LOG_LEVEL",
            LOG,
            Type.oneOf(LogLevel.class),
            "info",
            "Which lines are written: those of this level and the more important ones.");

    /** Every setting, in the order in which people read of them. */
    public static final List<Setting<?>> ALL = List.of(
            PORT,
            HOST,
            INSTANCE_ID,
            CORS_ORIGINS,
            OPERATOR_PORT,
            TRUSTED_PROXIES,
            SHUTDOWN_BUDGET,
            DRAIN_DELAY,
            RECONNECT_RATE,
            WorkSettings.APP_MODE,
            WorkSettings.WORKER_TYPE,
            WorkSettings.WORKER_COUNT,
            WorkSettings.LEASE_TTL,
            WorkSettings.FEED_VOLATILE,
            JobSettings.CONCURRENCY,
            JobSettings.RETENTION,
            WorkSettings.APPLICATION,
            WorkSettings.PROCESSES,
            WorkSettings.NODE_ENV,
            DATA_DIR,
            DATABASE_URL,
            DB_MAX_CONNECTIONS,
            DB_MIN_CONNECTIONS,
            DATABASE_DIRECT_URL,
            BUS_CHANNEL,
            BUS,
            REDIS_URL,
            REDIS_CA_FILE,
            REDIS_PREFIX,
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
            JWT_SECRET,
            JWT_SECRET_PREVIOUS,
            ACCESS_TTL,
            IdentitySettings.OWN_ACCOUNTS,
            IdentitySettings.REGISTRATION,
            IdentitySettings.RIGHTS,
            IdentitySettings.ISSUERS,
            IdentitySettings.AUDIENCE,
            IdentitySettings.KEY_SETS,
            IdentitySettings.PUBLIC_KEYS,
            IdentitySettings.HMAC_SECRET,
            IdentitySettings.USER_CLAIM,
            IdentitySettings.CAPABILITIES_CLAIM,
            REFRESH_TTL,
            MAX_CONNECTIONS,
            ADDRESS_SHARE,
            MAX_MESSAGE_BYTES,
            WEBSOCKET_COMPRESSION,
            PING_INTERVAL,
            PING_TIMEOUT,
            RECOVERY_WINDOW,
            MESSAGE_RATE,
            MESSAGE_BURST,
            QUEUE_BYTES,
            LOGIN_FAILURES_PER_NAME,
            LOGIN_FAILURES_PER_ADDRESS,
            REGISTRATIONS_PER_ADDRESS,
            BYTES_PER_DAY,
            STREAMS_PER_DAY,
            CONVERSATIONS_PER_DAY,
            STREAM_RETENTION,
            LOG_FORMAT,
            LOG_LEVEL);

    private Settings() {}

    private static Type<String> secret() {
        return Type.text("32 to 1000 characters without spaces", "\\S{32,1000}");
    }

    private static RedisAddress redis(String text) throws Refused {
        try {
            return RedisAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refused();
        }
    }

    private static Path certificates(String text) throws Refused {
        Path file = path(text);
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

    private static Path path(String text) throws Refused {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Refused();
        }
    }
}
