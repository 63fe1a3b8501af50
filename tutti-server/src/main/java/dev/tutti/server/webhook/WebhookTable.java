package dev.tutti.server.webhook;

import dev.tutti.ErrorCode;
import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.lease.Lease;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.server.outbound.SigningSecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks in {@code tutti.webhook}, and what they still have to post in {@code tutti.webhook_stream}. Changes of a worker are fenced by
 * its lease, in the same transaction. A change that locks both a webhook and streams of it locks the webhook first. Safe for use by many
 * threads; blocks.
 */
public final class WebhookTable {
    /** The most that there are. */
    public static final int MAX_WEBHOOKS = 100;

    /** For how many hours a secret that was replaced goes on signing. */
    public static final int OVERLAP_HOURS = 24;

    private static final String COLUMNS = "*, previous_until > clock_timestamp() as overlaps";

    private static final Sql INSERT = new Sql("""
            insert into tutti.webhook (id, url, streams, types, secret)
            select ?, ?, ?, ?, ?
            where (select count(*) from tutti.webhook) < ?
            returning %s
            """.formatted(COLUMNS));

    private static final Sql LIST = new Sql("select %s from tutti.webhook order by created_at, id".formatted(COLUMNS));

    private static final Sql FIND = new Sql("select %s from tutti.webhook where id = ?".formatted(COLUMNS));

    private static final Sql DELETE = new Sql("delete from tutti.webhook where id = ?");

    private static final Sql PAUSE = new Sql("""
            update tutti.webhook set state = 'paused' where id = ? and state = 'active'
            """);

    private static final Sql RESUME = new Sql("""
            update tutti.webhook set state = 'active', failing_since = null, error = null where id = ?
            """);

    private static final Sql RETRY = new Sql("""
            with locked as (select id from tutti.webhook where id = ? for no key update)
            update tutti.webhook_stream set due = clock_timestamp(), attempts = 0 from locked where webhook = locked.id
            """);

    private static final Sql ROTATE = new Sql("""
            update tutti.webhook
            set previous_secret = secret, previous_until = clock_timestamp() + ? * interval '1 hour', secret = ?
            where id = ?
            """);

    private static final Sql COUNT = new Sql("""
            select count(*) as streams, count(*) filter (where attempts > 0) as failing, coalesce(sum(head - cursor), 0) as events
            from tutti.webhook_stream
            where webhook = ?
            """);

    private static final Sql FAILING = new Sql("""
            select * from tutti.webhook_stream where webhook = ? and attempts > 0 order by due limit ?
            """);

    /** Those of a shard, and whether anything was committed that is not in "seen". */
    private static final Sql OF_SHARD = new Sql("""
            select %s, life <> tutti.present_life() as restored,
                   exists (select from tutti.committed_since(seen, 1)) as behind
            from tutti.webhook
            where mod(hashtext(id) & 2147483647, ?) = ?
            """.formatted(COLUMNS));

    /** Neither the audit, which is for those who may read it, nor what Socket.IO's servers tell each other. */
    private static final String MATCHES = """
            exists (
                select from unnest(webhook.streams) pattern
                where pattern = stream.name
                   or (right(pattern, 1) = '*' and starts_with(stream.name, left(pattern, -1)))
            ) and not starts_with(stream.name, 'audit:') and not starts_with(stream.name, 'socketio:')
            """;

    /** How rows are added: the cursor of a stream that has none is where it was as of "seen". */
    private static final String NOTE = """
            insert into tutti.webhook_stream (webhook, stream, cursor, head)
            select id, name, cursor, head from changed where cursor < head
            on conflict (webhook, stream) do update set head = greatest(webhook_stream.head, excluded.head)
            """;

    /** One statement, so that all of it sees the same moment, which is the new "seen". */
    private static final String SEE = """
            update tutti.webhook set seen = pg_current_snapshot(), seen_at = clock_timestamp(), life = tutti.present_life()
            where id = any (?)
            """;

    private static final String CURSOR = """
            tutti.seen(split_part(stream.name, ':', 1), stream.id, stream.head, webhook.seen)
            """;

    /** By what was committed since: costs what has happened. */
    private static final Sql NOTE_LATEST = new Sql("""
            with latest as (
                select before.seen, event.stream_id, max(event.seq) as head
                from (select distinct seen::text as seen from tutti.webhook where id = any (?)) before,
                     tutti.committed_since(before.seen::pg_snapshot, 9223372036854775807) event
                group by 1, 2
            ), changed as (
                select webhook.id, stream.name, latest.head, %s as cursor
                from latest
                join tutti.webhook on webhook.seen::text = latest.seen and webhook.id = any (?)
                join tutti.stream on stream.id = latest.stream_id
                where %s
            ), noted as (%s)
            %s
            """.formatted(CURSOR, MATCHES, NOTE, SEE));

    /** By all streams that there are: after a while in which nobody looked. */
    private static final Sql NOTE_ALL = new Sql("""
            with changed as (
                select webhook.id, stream.name, stream.head, %s as cursor
                from tutti.webhook
                join tutti.stream on not pg_visible_in_snapshot(stream.xid, webhook.seen) and %s
                where webhook.id = any (?)
            ), noted as (%s)
            %s
            """.formatted(CURSOR, MATCHES, NOTE, SEE));

    /**
     * In another life of the database "seen" means nothing: what is certain is what was there a minute before it was noted, or before now,
     * as that may be another server's clock. The events of that minute are posted again.
     */
    private static final Sql NOTE_RESTORED = new Sql("""
            with changed as (
                select webhook.id, stream.name, stream.head, coalesce((
                           select max(event.seq) from tutti.event
                           where event.kind = split_part(stream.name, ':', 1) and event.stream_id = stream.id
                             and event.at < least(webhook.seen_at, tutti.clock()) - interval '1 minute'
                       ), 0) as cursor
                from tutti.webhook
                join tutti.stream on stream.at >= least(webhook.seen_at, tutti.clock()) - interval '1 minute' and %s
                where webhook.id = any (?)
            ), noted as (%s)
            %s
            """.formatted(MATCHES, NOTE, SEE));

    private static final Sql DUE = new Sql("""
            select * from tutti.webhook_stream
            where webhook = ? and due <= clock_timestamp() and not (stream = any (?))
            order by due limit ?
            """);

    private static final Sql DELIVERED_ALL = new Sql("""
            delete from tutti.webhook_stream where webhook = ? and stream = ? and cursor = ? and head <= ?
            """);

    private static final Sql DELIVERED_SOME = new Sql("""
            update tutti.webhook_stream set cursor = ?, attempts = 0, error = null, due = clock_timestamp()
            where webhook = ? and stream = ? and cursor = ?
            """);

    private static final Sql WORKS = new Sql("""
            update tutti.webhook set delivered_at = clock_timestamp(), failing_since = null, error = null
            where id = ?
              and (failing_since is not null or delivered_at is null or delivered_at < clock_timestamp() - interval '1 second')
            """);

    private static final Sql FAILED = new Sql("""
            update tutti.webhook_stream
            set attempts = attempts + 1, error = ?, due = clock_timestamp() + ? * interval '1 millisecond'
            where webhook = ? and stream = ? and cursor = ?
            """);

    private static final Sql FAILS = new Sql("""
            update tutti.webhook
            set error = ?, failing_since = coalesce(failing_since, clock_timestamp()),
                state = case
                    when state = 'active' and (? or failing_since < clock_timestamp() - ? * interval '1 millisecond')
                    then 'disabled' else state
                end
            where id = ?
            returning state
            """);

    private final Database database;

    /**
     * How much one still has to post.
     *
     * @param streams how many streams wait
     * @param failing how many of these have failed
     * @param events how many events they wait for at most: those of types that are not wanted count, too
     */
    public record Backlog(long streams, long failing, long events) {}

    /** A webhook as a worker finds it. */
    record Found(Webhook webhook, boolean restored, boolean behind) {}

    /** Those in {@code database}. */
    public WebhookTable(DataSource database) {
        this.database = new Database(database);
    }

    /**
     * A new one, for what is appended from now on.
     *
     * @throws TuttiException with {@link ErrorCode#LIMIT_REACHED} if there are {@value #MAX_WEBHOOKS}
     */
    public Webhook create(String url, List<String> streams, List<String> types, SigningSecret secret) {
        return database.statement(connection -> INSERT.first(
                        connection,
                        WebhookTable::webhook,
                        Ids.next(),
                        url,
                        streams,
                        types,
                        secret.bytes(),
                        MAX_WEBHOOKS))
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.LIMIT_REACHED,
                        "there are " + MAX_WEBHOOKS + " webhooks, and no more may be; delete some"));
    }

    /** All, the oldest first. */
    public List<Webhook> list() {
        return database.statement(connection -> LIST.list(connection, WebhookTable::webhook));
    }

    /** The one that is called {@code id}. */
    public Optional<Webhook> find(String id) {
        return database.statement(connection -> FIND.first(connection, WebhookTable::webhook, id));
    }

    /** The amount that it still has to post. */
    public Backlog backlog(String id) {
        return database.statement(connection -> COUNT.first(
                        connection,
                        rows -> new Backlog(rows.getLong("streams"), rows.getLong("failing"), rows.getLong("events")),
                        id))
                .orElseThrow();
    }

    /** At most {@code most} of the streams whose delivery failed, those that are tried next first. */
    public List<WaitingStream> failing(String id, int most) {
        return database.statement(connection -> FAILING.list(connection, WaitingStream::of, id, most));
    }

    /** Stops it if it is active; events that come meanwhile wait. */
    public boolean pause(String id) {
        return database.statement(connection -> PAUSE.update(connection, id)) == 1;
    }

    /** Lets it go on, with all that waits. */
    public void resume(String id) {
        database.transaction(connection -> RESUME.update(connection, id) + RETRY.update(connection, id));
    }

    /** Has all that waits tried at once. */
    public void retry(String id) {
        database.statement(connection -> RETRY.update(connection, id));
    }

    /** Signs with {@code secret} from now on, and with the one before, too, for {@value #OVERLAP_HOURS} hours. */
    public void rotate(String id, SigningSecret secret) {
        database.statement(connection -> ROTATE.update(connection, OVERLAP_HOURS, secret.bytes(), id));
    }

    /** Deletes it; false if there is none. */
    public boolean delete(String id) {
        return database.statement(connection -> DELETE.update(connection, id)) == 1;
    }

    /** Those of a shard. */
    List<Found> ofShard(int shard, int shards) {
        return database.statement(connection -> OF_SHARD.list(
                connection,
                rows -> new Found(webhook(rows), rows.getBoolean("restored"), rows.getBoolean("behind")),
                shards,
                shard));
    }

    /** Notes what {@code webhooks} have to post that was committed since they were seen last. */
    void note(Lease lease, Collection<Found> webhooks, boolean all) {
        List<String> restored = ids(webhooks.stream().filter(Found::restored).toList());
        List<String> others = ids(webhooks.stream()
                .filter(each -> !each.restored() && each.behind())
                .toList());
        if (!restored.isEmpty()) {
            fenced(lease, connection -> NOTE_RESTORED.update(connection, restored, restored));
        }
        if (!others.isEmpty()) {
            fenced(
                    lease,
                    connection -> all
                            ? NOTE_ALL.update(connection, others, others)
                            : NOTE_LATEST.update(connection, others, others, others));
        }
    }

    private static List<String> ids(Collection<Found> webhooks) {
        return webhooks.stream().map(each -> each.webhook().id()).toList();
    }

    /** At most {@code most} streams of webhook {@code id} that are due, but for those that are {@code underWay}. */
    List<WaitingStream> due(String id, Collection<String> underWay, int most) {
        return database.statement(connection -> DUE.list(connection, WaitingStream::of, id, underWay, most));
    }

    /**
     * The events up to {@code to} are done with. Nothing, if the cursor is not {@code from} any more.
     *
     * @param posted whether the receiver has accepted some; of those that it does not want it says nothing
     */
    void delivered(Lease lease, String id, String stream, long from, long to, boolean posted) {
        fenced(lease, connection -> {
            int works = posted ? WORKS.update(connection, id) : 0;
            int all = DELIVERED_ALL.update(connection, id, stream, from, to);
            return works + (all > 0 ? all : DELIVERED_SOME.update(connection, to, id, stream, from));
        });
    }

    /**
     * They were not accepted.
     *
     * @param pause after which they are tried again
     * @param gone whether the receiver wants nothing any more
     * @param disableAfter for how long a webhook may fail
     * @return whether the webhook is disabled now
     */
    boolean failed(
            Lease lease,
            String id,
            WaitingStream stream,
            String error,
            Duration pause,
            boolean gone,
            Duration disableAfter) {
        return fenced(lease, connection -> {
            Optional<Webhook.State> state =
                    FAILS.first(connection, WebhookTable::state, error, gone, disableAfter.toMillis(), id);
            FAILED.update(connection, error, pause.toMillis(), id, stream.stream(), stream.cursor());
            return state.equals(Optional.of(Webhook.State.DISABLED));
        });
    }

    private <T> T fenced(Lease lease, TransactionWork<T> work) {
        return database.transaction(connection -> lease.fenced(connection, work));
    }

    private static Webhook webhook(ResultSet rows) throws SQLException {
        List<SigningSecret> secrets = new ArrayList<>(List.of(new SigningSecret(rows.getBytes("secret"))));
        if (rows.getBoolean("overlaps")) {
            secrets.add(new SigningSecret(rows.getBytes("previous_secret")));
        }
        return new Webhook(
                rows.getString("id"),
                rows.getString("url"),
                texts(rows, "streams"),
                texts(rows, "types"),
                state(rows),
                Sql.instant(rows, "created_at"),
                optional(rows, "delivered_at"),
                optional(rows, "failing_since"),
                rows.getString("error"),
                secrets);
    }

    private static Webhook.State state(ResultSet rows) throws SQLException {
        return Webhook.State.valueOf(rows.getString("state").toUpperCase(Locale.ROOT));
    }

    private static @Nullable Instant optional(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column) == null ? null : Sql.instant(rows, column);
    }

    private static List<String> texts(ResultSet rows, String column) throws SQLException {
        return Arrays.asList((String[]) rows.getArray(column).getArray());
    }
}
