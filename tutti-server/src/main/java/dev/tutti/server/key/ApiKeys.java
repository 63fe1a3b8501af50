package dev.tutti.server.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;

/**
 * The keys of programs, in {@code tutti.api_key}, and one more that is derived from the server's secret and allows everything:
 * the bearer of that secret could sign tokens for anybody anyway. One that is revoked at another instance is good here for
 * another second at most. Safe for use by many threads; blocks.
 */
public final class ApiKeys {
    /** The most that are good at a time. */
    public static final int MAX_KEYS = 10_000;

    private static final Pattern FORM = Pattern.compile("tutti_([a-z0-9]{1,24})_([A-Za-z0-9_-]{43})");
    private static final String PREFIX = "tutti_";
    private static final String ROOT_ID = "root";
    private static final int SECRET_BYTES = 32;
    private static final int REMEMBERED = 20_000;
    private static final Duration STALE = Duration.ofMillis(500);

    /** The one that allows everything, see {@link #root}. */
    public static final ApiKey ROOT = new ApiKey(
            ROOT_ID,
            ROOT_ID,
            Arrays.stream(Capability.Action.values())
                    .map(action -> new Capability(action, "*"))
                    .toList(),
            Instant.EPOCH,
            null);

    /** Those that were revoked 30 days ago are forgotten whenever one is made, a thousand at a time. */
    private static final Sql INSERT = new Sql("""
            with gone as (
                delete from tutti.api_key where id in (
                    select id from tutti.api_key where revoked_at < now() - interval '30 days'
                    limit 1000 for update skip locked
                )
            )
            insert into tutti.api_key (id, name, secret_hash, capabilities)
            select ?, ?, ?, ?
            where (select count(*) from tutti.api_key where revoked_at is null) < ?
            returning *
            """);

    private static final Sql LIST = new Sql("""
            select * from tutti.api_key where revoked_at is null order by created_at, id limit ?
            """);

    /** Finds some, and notes that they are in use. */
    private static final Sql FIND = new Sql("""
            with used as (
                update tutti.api_key set used_at = now()
                where id in (
                    select id from tutti.api_key
                    where id = any (?) and revoked_at is null
                        and (used_at is null or used_at < now() - interval '1 hour')
                    for update skip locked
                )
            )
            select * from tutti.api_key where id = any (?) and revoked_at is null
            """);

    private static final Sql LIVE = new Sql("select id from tutti.api_key where id = any (?) and revoked_at is null");

    private static final Sql REVOKE = new Sql("""
            update tutti.api_key set revoked_at = now() where id = ? and revoked_at is null
            """);

    private final SecureRandom random = new SecureRandom();
    private final Database database;
    private final KeyLookup<Stored> lookup;
    private final List<byte[]> rootHashes;
    private final Cache<String, Optional<Stored>> recent;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(ApiKey key, byte[] hash) {}

    /**
     * A key that was made just now.
     *
     * @param key without its secret
     * @param token the whole of it, which is not kept
     */
    public record CreatedKey(ApiKey key, String token) {}

    /** Keys in {@code database}, whose tables {@link KeySchema} has made, of a server with {@code secrets}, the current one first. */
    public ApiKeys(DataSource database, List<String> secrets) {
        this(database, secrets, System::nanoTime);
    }

    /** The same, with {@code ticker} telling for how long a key has been remembered. */
    ApiKeys(DataSource database, List<String> secrets, LongSupplier ticker) {
        this.database = new Database(database);
        this.lookup = new KeyLookup<>(this::find);
        this.rootHashes =
                secrets.stream().map(secret -> hash(rootSecret(secret))).toList();
        this.recent = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(STALE)
                .ticker(ticker::getAsLong)
                .build();
    }

    /** Whether {@code token} is meant to be a key. */
    public static boolean isKey(String token) {
        return token.startsWith(PREFIX);
    }

    /** The key that allows everything at the servers that have {@code secret}. */
    public static String root(String secret) {
        return PREFIX + ROOT_ID + "_" + rootSecret(secret);
    }

    /**
     * The key that is called {@code name} and allows {@code capabilities}.
     *
     * @throws TuttiException with {@link ErrorCode#LIMIT_REACHED} if there are {@value #MAX_KEYS}
     */
    public CreatedKey create(String name, List<Capability> capabilities) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        List<String> texts = capabilities.stream().map(Capability::toString).toList();
        Stored stored = database.statement(connection ->
                        INSERT.first(connection, ApiKeys::stored, Ids.next(), name, hash(secret), texts, MAX_KEYS))
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.LIMIT_REACHED, "there are " + MAX_KEYS + " keys, and no more may be; revoke some"));
        return new CreatedKey(stored.key(), PREFIX + stored.key().id() + "_" + secret);
    }

    /** Those that are good, the oldest first. */
    public List<ApiKey> list() {
        return database.statement(
                connection -> LIST.list(connection, rows -> stored(rows).key(), MAX_KEYS));
    }

    /** Revokes the key called {@code id}: within a second no instance accepts it; false if there is none. */
    public boolean revoke(String id) {
        boolean revoked = database.statement(connection -> REVOKE.update(connection, id)) == 1;
        recent.invalidate(id);
        if (revoked) {
            listeners.forEach(listener -> listener.accept(ApiKey.sessionOf(id)));
        }
        return revoked;
    }

    /** Adds what is told the session of every key that is revoked at this instance. */
    public void onRevoked(Consumer<String> listener) {
        listeners.add(listener);
    }

    /**
     * The key that {@code token} is.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} if it is none, or revoked
     */
    public ApiKey verify(String token) {
        Matcher parts = FORM.matcher(token);
        if (!parts.matches()) {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "the key is not one that this server has made");
        }
        byte[] hash = hash(parts.group(2));
        String id = parts.group(1);
        if (id.equals(ROOT_ID)) {
            if (rootHashes.stream().anyMatch(root -> MessageDigest.isEqual(root, hash))) {
                return ROOT;
            }
        } else {
            Optional<Stored> stored = recent.get(id, lookup::find);
            if (stored.isPresent() && MessageDigest.isEqual(stored.get().hash(), hash)) {
                return stored.get().key();
            }
        }
        throw new TuttiException(ErrorCode.UNAUTHENTICATED, "there is no such key, or it was revoked");
    }

    /** Those of {@code ids} that are not good, as the database says. */
    public Set<String> revoked(Collection<String> ids) {
        Set<String> revoked = new HashSet<>(ids);
        revoked.remove(ROOT_ID);
        if (!revoked.isEmpty()) {
            revoked.removeAll(database.statement(
                    connection -> LIVE.list(connection, rows -> rows.getString(1), Set.copyOf(revoked))));
        }
        return revoked;
    }

    private Map<String, Stored> find(Set<String> ids) {
        return database.statement(connection -> FIND.list(connection, ApiKeys::stored, ids, ids)).stream()
                .collect(Collectors.toMap(stored -> stored.key().id(), Function.identity()));
    }

    private static Stored stored(ResultSet rows) throws SQLException {
        List<Capability> capabilities = Arrays.stream(
                        (String[]) rows.getArray("capabilities").getArray())
                .flatMap(text -> known(text).stream())
                .toList();
        Instant usedAt = rows.getObject("used_at") == null ? null : Sql.instant(rows, "used_at");
        return new Stored(
                new ApiKey(
                        rows.getString("id"),
                        rows.getString("name"),
                        capabilities,
                        Sql.instant(rows, "created_at"),
                        usedAt),
                rows.getBytes("secret_hash"));
    }

    /** The capability; empty if it is one of a later release: the key allows less here then. */
    private static Optional<Capability> known(String text) {
        try {
            return Optional.of(Capability.parse(text));
        } catch (TuttiException later) {
            return Optional.empty();
        }
    }

    private static String rootSecret(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] derived = mac.doFinal("tutti root key".getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
