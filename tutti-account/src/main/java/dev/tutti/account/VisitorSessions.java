package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Sessions of visitors without a login, in {@code tutti.visitor_session}. Anybody is a visitor: there are so many at most, whichever store
 * has their attributes, and each ends so long after it began, by the database's clock, however often it is used. Safe for use by many
 * threads; blocks.
 */
final class VisitorSessions {
    /** How long one lasts. The statements say it in hours, since a day of a time zone may have 23. */
    static final Duration LIFE = Duration.ofDays(30);

    private static final int OVER_SWEPT = 10;
    private static final int SWEPT_BY_COUNT = 2 * PreferenceStore.NEW_BETWEEN_COUNTS;

    private static final Sql LEFT = new Sql("""
            select greatest(extract(epoch from began_at + interval '720 hours' - now()) * 1000, 0)::bigint
            from tutti.visitor_session where holder = ?
            """);

    private static final Sql BEGIN = new Sql("""
            insert into tutti.visitor_session as s (holder) values (?)
            on conflict (holder) do update set began_at = now() where s.began_at <= now() - interval '720 hours'
            """);

    /** Those that are over, a day later: until then their attributes may be there for a moment, and must not begin another one. */
    private static final Sql SWEEP = new Sql("""
            delete from tutti.visitor_session where holder in (
                select holder from tutti.visitor_session
                where began_at < now() - interval '744 hours'
                limit ? for update skip locked)
            """);

    /** Those that began first, as many as there are too many. */
    private static final Sql SWEEP_OVER = new Sql("""
            delete from tutti.visitor_session where holder in (
                select holder from tutti.visitor_session
                order by began_at
                limit (select least(greatest(count(*) - ?, 0), ?) from tutti.visitor_session)
                for update skip locked)
            returning holder
            """);

    private final Database database;
    private final int most;
    private final Consumer<String> forgotten;
    private final AtomicLong begun = new AtomicLong();

    /** Those of {@code database}; {@code forgotten} is told of each that has to make room, and does not block. */
    VisitorSessions(Database database, Consumer<String> forgotten) {
        this(database, PreferenceStore.MOST_VISITORS, forgotten);
    }

    /** The same with another bound in place of {@link PreferenceStore#MOST_VISITORS}. */
    VisitorSessions(Database database, int most, Consumer<String> forgotten) {
        this.database = database;
        this.most = most;
        this.forgotten = forgotten;
    }

    /** How long the session of {@code holder} goes on: zero if it is over, empty if nothing is known of one. */
    Optional<Duration> left(String holder) {
        return database.statement(
                connection -> LEFT.first(connection, rows -> Duration.ofMillis(rows.getLong(1)), holder));
    }

    /** How long the session of {@code holder} goes on; one begins if none does. */
    Duration open(String holder) {
        Optional<Duration> left = left(holder).filter(Duration::isPositive);
        if (left.isEmpty()) {
            begin(holder);
        }
        return left.orElse(LIFE);
    }

    /** Makes room for it, too. */
    private void begin(String holder) {
        List<String> over = database.transaction(connection -> {
            int changed = BEGIN.update(connection, holder);
            assert changed <= 1;
            int swept = SWEEP.update(connection, OVER_SWEPT);
            assert swept <= OVER_SWEPT;
            return begun.incrementAndGet() % PreferenceStore.NEW_BETWEEN_COUNTS == 0
                    ? SWEEP_OVER.list(connection, rows -> rows.getString(1), most, SWEPT_BY_COUNT)
                    : List.<String>of();
        });
        over.forEach(forgotten);
    }
}
