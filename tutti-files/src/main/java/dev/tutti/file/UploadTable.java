package dev.tutti.file;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Uploads, and the objects of blobs. Its statements run on a connection of the caller's. */
final class UploadTable {
    private static final Sql INSERT = new Sql("""
            insert into tutti.file_upload (id, owner_id, name, bytes, hash, expires_at)
            values (?, ?, ?, ?, ?, now() + ? * interval '1 ms')
            returning *
            """);

    private static final Sql FIND =
            new Sql("select * from tutti.file_upload where id = ? and owner_id = ? and expires_at > now()");

    private static final Sql TAKE = new Sql("""
            update tutti.file_upload set turn = turn + 1
            where id = ? and owner_id = ? and received = ? and turn < ? and expires_at > now()
            returning *
            """);

    private static final Sql ADVANCE = new Sql("""
            update tutti.file_upload set received = ?, hash = ? where id = ? and turn = ? and received = ?
            """);

    private static final Sql DELETE =
            new Sql("delete from tutti.file_upload where id = ? and owner_id = ? returning *");

    private static final Sql FINISH = new Sql("delete from tutti.file_upload where id = ? and received = bytes");

    private static final Sql EXPIRED = new Sql("""
            delete from tutti.file_upload
            where id in (select id from tutti.file_upload where expires_at <= now() limit ? for update skip locked)
            returning *
            """);

    private static final Sql DELETE_OF = new Sql("""
            delete from tutti.file_upload where id in (select id from tutti.file_upload where owner_id = ? limit ?)
            returning *
            """);

    private static final Sql ANNOUNCE_OBJECT =
            new Sql("insert into tutti.blob_object (name, start, bytes) values (?, ?, ?)");

    private static final Sql ADD_OBJECT = new Sql("""
            update tutti.blob_object set blob_id = ? where name = ? and blob_id is null and start >= 0
            """);

    private static final Sql PARTS = new Sql("""
            select name, start, bytes from tutti.blob_object
            where blob_id = ? and start < ? and start + bytes > ?
            order by start
            """);

    private static final Sql SMALL_PARTS =
            new Sql("select count(*) as parts from tutti.blob_object where blob_id = ? and bytes < ?");

    private static final Sql RELEASE = new Sql("""
            update tutti.blob_object set blob_id = null, start = -1, since = now(), owner_id = ?
            where blob_id = ?
            returning name
            """);

    private static final Sql GIVE_UP_OBJECT = new Sql("""
            update tutti.blob_object set start = -1, since = now(), owner_id = ? where name = ? and blob_id is null
            """);

    /** Each is counted as a block of a disk at least. */
    private static final Sql CHARGED = new Sql("""
            select coalesce(sum(greatest(bytes, 4096)), 0) as bytes from tutti.blob_object where owner_id = ?
            """);

    private static final Sql GIVEN_UP_OF =
            new Sql("select name from tutti.blob_object where owner_id = ? order by since limit ?");

    private static final Sql AGO = new Sql("select now() - ? * interval '1 ms' as moment");

    /** One that cannot be deleted comes behind all others the next time. */
    private static final Sql CLAIM_GARBAGE = new Sql("""
            update tutti.blob_object set start = -1, since = now()
            where name in (select name from tutti.blob_object
                           where blob_id is null
                             and since <= case when owner_id is null then ?::timestamptz else ?::timestamptz end
                           order by since limit ? for update skip locked)
            returning name
            """);

    private static final Sql FORGET_OBJECTS =
            new Sql("delete from tutti.blob_object where name = any (?) and start = -1");

    private UploadTable() {}

    static Upload insert(Connection connection, String id, String owner, String name, long bytes, Duration ttl)
            throws SQLException {
        return INSERT.first(connection, UploadTable::upload, id, owner, name, bytes, Upload.emptyHash(), ttl.toMillis())
                .orElseThrow();
    }

    static Optional<Upload> find(Connection connection, String id, String owner) throws SQLException {
        return FIND.first(connection, UploadTable::upload, id, owner);
    }

    /** Begins the next turn at {@code offset}, which ends the one before; empty if that is not how far it has come. */
    static Optional<Upload> take(Connection connection, String id, String owner, long offset, int mostTurns)
            throws SQLException {
        return TAKE.first(connection, UploadTable::upload, id, owner, offset, mostTurns);
    }

    /** The step from {@code before} to {@code after}; false if its turn is over. */
    static boolean advance(Connection connection, Upload before, Upload after) throws SQLException {
        return ADVANCE.update(connection, after.received(), after.hash(), before.id(), before.turn(), before.received())
                == 1;
    }

    static Optional<Upload> delete(Connection connection, String id, String owner) throws SQLException {
        return DELETE.first(connection, UploadTable::upload, id, owner);
    }

    /** Ends an upload that is whole; false if that was done before. */
    static boolean finish(Connection connection, String id) throws SQLException {
        return FINISH.update(connection, id) == 1;
    }

    static List<Upload> deleteExpired(Connection connection, int most) throws SQLException {
        return EXPIRED.list(connection, UploadTable::upload, most);
    }

    static List<Upload> deleteOf(Connection connection, String owner, int most) throws SQLException {
        return DELETE_OF.list(connection, UploadTable::upload, owner, most);
    }

    /** Notes that there may be an object from now on. */
    static void announce(Connection connection, BlobPart part) throws SQLException {
        ANNOUNCE_OBJECT.update(connection, part.name(), part.start(), part.bytes());
    }

    /** Makes an object, which is there, part of {@code blob}; false if it was given up meanwhile. */
    static boolean add(Connection connection, String blob, BlobPart part) throws SQLException {
        return ADD_OBJECT.update(connection, blob, part.name()) == 1;
    }

    /** The objects with the bytes of {@code blob} from {@code from} until before {@code to}. */
    static List<BlobPart> parts(Connection connection, String blob, long from, long to) throws SQLException {
        return PARTS.list(
                connection,
                rows -> new BlobPart(rows.getString("name"), rows.getLong("start"), rows.getInt("bytes")),
                blob,
                to,
                from);
    }

    /** How many objects of {@code blob} have fewer than {@code bytes} bytes. */
    static long smallParts(Connection connection, String blob, int bytes) throws SQLException {
        return SMALL_PARTS
                .first(connection, rows -> rows.getLong("parts"), blob, bytes)
                .orElseThrow();
    }

    /**
     * The objects of {@code blob} are nobody's from now on, cannot become anybody's, and are charged to {@code owner}, who gives them
     * up, until they have gone; their names.
     */
    static List<String> release(Connection connection, String blob, String owner) throws SQLException {
        return RELEASE.list(connection, rows -> rows.getString("name"), owner, blob);
    }

    /** The same for an object that was announced and is part of nothing; false if it is part of something, or has gone. */
    static boolean giveUp(Connection connection, BlobPart part, String owner) throws SQLException {
        return GIVE_UP_OBJECT.update(connection, owner, part.name()) == 1;
    }

    /** The bytes of what {@code owner} has given up and has not gone yet. */
    static long charged(Connection connection, String owner) throws SQLException {
        return CHARGED.first(connection, rows -> rows.getLong("bytes"), owner).orElseThrow();
    }

    /** Objects that {@code owner} has given up, those that were so first. */
    static List<String> givenUpOf(Connection connection, String owner, int most) throws SQLException {
        return GIVEN_UP_OF.list(connection, rows -> rows.getString("name"), owner, most);
    }

    /** When it was {@code age} before now, by the database's clock. */
    static Instant ago(Connection connection, Duration age) throws SQLException {
        return AGO.first(connection, rows -> Sql.instant(rows, "moment"), age.toMillis())
                .orElseThrow();
    }

    /**
     * Objects that have been nobody's since {@code before}, and those that somebody has given up until {@code givenUp}, those that have
     * been so for longest; they cannot become anybody's after this. None is claimed twice with the same moments, which have passed,
     * unless the database's clock was set back.
     */
    static List<String> claimGarbage(Connection connection, Instant before, Instant givenUp, int most)
            throws SQLException {
        return CLAIM_GARBAGE.list(
                connection,
                rows -> rows.getString("name"),
                before.atOffset(ZoneOffset.UTC),
                givenUp.atOffset(ZoneOffset.UTC),
                most);
    }

    /** Objects that were claimed or given up have gone, and are charged to nobody any more. */
    static void forget(Connection connection, List<String> names) throws SQLException {
        FORGET_OBJECTS.update(connection, names);
    }

    private static Upload upload(ResultSet rows) throws SQLException {
        return new Upload(
                rows.getString("id"),
                rows.getString("owner_id"),
                rows.getString("name"),
                rows.getLong("bytes"),
                rows.getLong("received"),
                rows.getInt("turn"),
                rows.getString("hash"),
                Sql.instant(rows, "expires_at"));
    }
}
