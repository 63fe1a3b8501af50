package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The preferences of people, in {@code tutti.preferences}. Changes are merged in the database, so that those that come at the same
 * time lose nothing; a person's are published as the feed {@code user:<id>:preferences} in the same transaction. Safe for use by
 * many threads; blocks.
 */
final class PreferenceStore {
    /** How many names somebody may have. */
    static final int MOST = 100;

    /** How long all of a person's may be, in characters of JSON. */
    static final int LONGEST = 16_384;

    /** How long all of a visitor's may be, in characters of JSON: anybody is one. */
    static final int LONGEST_OF_VISITOR = 2_048;

    /** Visitors whose preferences are kept, but for some that came last: counting takes longer than adding. */
    static final int MOST_VISITORS = 100_000;

    /** New visitors of an instance between two counts of all. */
    static final int NEW_BETWEEN_COUNTS = 64;

    private static final int VISITORS_SWEPT = 10;
    private static final int SWEPT_BY_COUNT = 2 * NEW_BETWEEN_COUNTS;
    private static final String PERSON = "user:";
    private static final String VISITOR = "visitor:";

    private static final Sql FIND = new Sql("select value, version from tutti.preferences where holder = ?");

    private static final Sql CHANGE = new Sql("""
            insert into tutti.preferences as p (holder, value, version) values (?, ?::jsonb, 1)
            on conflict (holder) do update
            set value = (p.value || excluded.value) - array(select jsonb_array_elements_text(?::jsonb)),
                version = p.version + 1, changed_at = now()
            returning value, version
            """);

    private static final Sql NAMES = new Sql("select count(*) from jsonb_object_keys(?::jsonb)");
    private static final Sql PUBLISH = new Sql("select tutti.publish_feed(?, ?, ?::jsonb)");
    private static final Sql DELETE = new Sql("delete from tutti.preferences where holder = ?");

    private static final Sql DELETE_FEED = new Sql("select tutti.delete_feed(?)");

    private static final Sql SWEEP = new Sql("""
            delete from tutti.preferences where holder in (
                select holder from tutti.preferences
                where holder like 'visitor:%' and changed_at < now() - interval '400 days'
                limit ? for update skip locked)
            """);

    /** Those that were not changed for the longest time, as many as there are too many. */
    private static final Sql SWEEP_OVER = new Sql("""
            delete from tutti.preferences where holder in (
                select holder from tutti.preferences
                where holder like 'visitor:%'
                order by changed_at
                limit (select least(greatest(count(*) - ?, 0), ?) from tutti.preferences where holder like 'visitor:%')
                for update skip locked)
            """);

    private final Database database;
    private final int mostVisitors;
    private final AtomicLong newVisitors = new AtomicLong();

    PreferenceStore(Database database) {
        this(database, MOST_VISITORS);
    }

    /** The same with another bound in place of {@link #MOST_VISITORS}. */
    PreferenceStore(Database database, int mostVisitors) {
        this.database = database;
        this.mostVisitors = mostVisitors;
    }

    /**
     * Somebody's.
     *
     * @param json an object
     * @param version 0 if there are none yet; then one more with each change
     */
    record Preferences(String json, long version) {
        static final Preferences NONE = new Preferences("{}", 0);
    }

    /** The holder of a person's. */
    static String person(String id) {
        return PERSON + id;
    }

    /** The holder of those of whoever has {@code token}. */
    static String visitor(OneTimeToken token) {
        return VISITOR + HexFormat.of().formatHex(token.hash());
    }

    Preferences find(String holder) {
        return database.statement(connection -> FIND.first(connection, PreferenceStore::preferences, holder))
                .orElse(Preferences.NONE);
    }

    /**
     * Adds and replaces what {@code set}, a JSON object, has, and removes the names in {@code removed}, a JSON array.
     *
     * @throws TuttiException with {@link ErrorCode#LIMIT_REACHED} if there would be too many, with {@link ErrorCode#NOT_FOUND} if the
     *     person was deleted
     */
    Preferences change(String holder, String set, String removed) {
        int longest = holder.startsWith(PERSON) ? LONGEST : LONGEST_OF_VISITOR;
        requireRoom(set, longest);
        return database.transaction(connection -> {
            if (holder.startsWith(PERSON) && !UserStore.hold(connection, holder.substring(PERSON.length()))) {
                throw AccountChanges.unknown();
            }
            Preferences changed = CHANGE.first(connection, PreferenceStore::preferences, holder, set, removed)
                    .orElseThrow();
            requireBounds(connection, changed, longest);
            if (holder.startsWith(PERSON)) {
                boolean told = PUBLISH.first(connection, _ -> true, feed(holder), changed.version(), changed.json())
                        .orElse(false);
                assert told;
            } else if (changed.version() == 1) {
                sweep(connection);
            }
            return changed;
        });
    }

    /** Makes room for a new visitor. */
    private void sweep(Connection connection) throws SQLException {
        int swept = SWEEP.update(connection, VISITORS_SWEPT);
        assert swept <= VISITORS_SWEPT;
        if (newVisitors.incrementAndGet() % NEW_BETWEEN_COUNTS == 0) {
            int over = SWEEP_OVER.update(connection, mostVisitors, SWEPT_BY_COUNT);
            assert over <= SWEPT_BY_COUNT;
        }
    }

    /**
     * Refuses what cannot be within the bound before the database writes it out, where 1e308 has 309 digits. Nothing becomes less than
     * half as long there: a slash that is escaped here has one character.
     */
    private static void requireRoom(String set, int longest) {
        if (set.length() > 2 * longest) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "preferences to set have " + set.length() + " characters; allowed are " + longest
                            + " in all, with those that there are");
        }
    }

    private static void requireBounds(Connection connection, Preferences changed, int longest) throws SQLException {
        long names =
                NAMES.first(connection, rows -> rows.getLong(1), changed.json()).orElse(0L);
        if (names > MOST || changed.json().length() > longest) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "preferences would have " + names + " names and "
                            + changed.json().length() + " characters; allowed are " + MOST + " and " + longest);
        }
    }

    /** Deletes those of the person with that {@code id}, and their feed. Without effect if there are none. */
    void delete(String id) {
        String holder = person(id);
        int deleted = database.transaction(connection -> {
            var _ = DELETE_FEED.first(connection, rows -> rows.getBoolean(1), feed(holder));
            return DELETE.update(connection, holder);
        });
        assert deleted <= 1;
    }

    private static String feed(String holder) {
        return holder + ":preferences";
    }

    private static Preferences preferences(ResultSet rows) throws SQLException {
        return new Preferences(rows.getString("value"), rows.getLong("version"));
    }
}
