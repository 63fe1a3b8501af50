package dev.tutti.file;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files, their blobs, and what accounts have of both. Its statements run on a connection of the caller's. */
final class FileTable {
    private static final String FILE = """
            select file.id, file.owner_id, file.name, file.blob_id, blob.bytes, blob.type, blob.sha256, file.created_at
            from tutti.file join tutti.blob on blob.id = file.blob_id
            """;

    private static final Sql FIND = new Sql(FILE + " where file.id = ?");

    private static final Sql LIST = new Sql(FILE + """
            where file.owner_id = ?
              and (?::text is null or (file.created_at, file.id)
                      < (select created_at, id from tutti.file where id = ?::text and owner_id = ?))
            order by file.created_at desc, file.id desc
            limit ?
            """);

    private static final Sql INSERT =
            new Sql("insert into tutti.file (id, owner_id, name, blob_id) values (?, ?, ?, ?)");

    private static final Sql HOLD = new Sql("select id from tutti.file where id = any (?) for key share");

    private static final Sql LOCK = new Sql("select owner_id from tutti.file where id = ? for update");

    private static final Sql DELETE = new Sql("delete from tutti.file where id = ? and owner_id = ? returning blob_id");

    private static final Sql INSERT_BLOB = new Sql("""
            insert into tutti.blob (id, sha256, bytes, type) values (?, ?, ?, ?) on conflict (sha256) do nothing
            """);

    /** Locked, so that it is not deleted before a file refers to it. */
    private static final Sql SAME_BLOB = new Sql("select id from tutti.blob where sha256 = ? for key share");

    private static final Sql LOCK_BLOB = new Sql("select bytes from tutti.blob where id = ? for update");

    private static final Sql DELETE_BLOB = new Sql("""
            delete from tutti.blob where id = ? and not exists (select from tutti.file where blob_id = blob.id)
            """);

    private static final Sql TAKE = new Sql("""
            insert into tutti.file_usage as u (owner_id, bytes, files)
            select ?, ?, 1 where ? <= ?
            on conflict (owner_id) do update set bytes = u.bytes + excluded.bytes, files = u.files + 1
            where u.bytes + excluded.bytes <= ? and u.files < ?
            """);

    private static final Sql LOCK_USAGE = new Sql("select bytes from tutti.file_usage where owner_id = ? for update");

    private static final Sql GIVE_BACK =
            new Sql("update tutti.file_usage set bytes = bytes - ?, files = files - 1 where owner_id = ?");

    private FileTable() {}

    static Optional<StoredFile> find(Connection connection, String id) throws SQLException {
        return FIND.first(connection, FileTable::file, id);
    }

    /** The newest of {@code owner} that are older than the one with id {@code before}. */
    static List<StoredFile> list(Connection connection, String owner, @Nullable String before, int most)
            throws SQLException {
        return LIST.list(connection, FileTable::file, owner, before, before, owner, most);
    }

    static void insert(Connection connection, Upload upload, String blob) throws SQLException {
        INSERT.update(connection, upload.id(), upload.owner(), upload.name(), blob);
    }

    /** Makes {@code upload} a blob, unless there is one with the same bytes; which one it is. */
    static Optional<String> blob(Connection connection, Upload upload, String sha256, String type) throws SQLException {
        return INSERT_BLOB.update(connection, upload.id(), sha256, upload.bytes(), type) == 1
                ? Optional.of(upload.id())
                : SAME_BLOB.first(connection, rows -> rows.getString("id"), sha256);
    }

    /** Keeps the files with those ids from being deleted until the transaction ends; false if one of them is gone. */
    static boolean hold(Connection connection, List<String> ids) throws SQLException {
        return HOLD.list(connection, rows -> rows.getString("id"), ids).size() == ids.size();
    }

    /** The owner of a file that nobody refers to from now until the transaction ends. */
    static Optional<String> lock(Connection connection, String id) throws SQLException {
        return LOCK.first(connection, rows -> rows.getString("owner_id"), id);
    }

    /**
     * Deletes a file, and its blob if no other file has it; the objects that are nobody's now, and charged to {@code owner} until they
     * have gone. Empty if there is none of that owner.
     */
    static Optional<List<String>> delete(Connection connection, String id, String owner) throws SQLException {
        String blob = DELETE.first(connection, rows -> rows.getString("blob_id"), id, owner)
                .orElse(null);
        if (blob == null) {
            return Optional.empty();
        }
        long bytes =
                LOCK_BLOB.first(connection, rows -> rows.getLong("bytes"), blob).orElseThrow();
        giveBack(connection, owner, bytes);
        List<String> released =
                DELETE_BLOB.update(connection, blob) == 1 ? UploadTable.release(connection, blob, owner) : List.of();
        return Optional.of(released);
    }

    /**
     * Counts one more file for {@code owner}; false, and nothing is changed, if that is more than {@code settings} allow, with what was
     * given up and has not gone yet.
     */
    static boolean take(Connection connection, String owner, long bytes, FileSettings settings) throws SQLException {
        // locked first, in a statement of its own: what is given back meanwhile is seen as charged
        boolean known = LOCK_USAGE
                .first(connection, rows -> rows.getLong("bytes"), owner)
                .isPresent();
        long most = settings.accountBytes() - (known ? UploadTable.charged(connection, owner) : 0);
        return TAKE.update(connection, owner, bytes, bytes, most, most, settings.accountFiles()) == 1;
    }

    static void giveBack(Connection connection, String owner, long bytes) throws SQLException {
        GIVE_BACK.update(connection, bytes, owner);
    }

    private static StoredFile file(ResultSet rows) throws SQLException {
        return new StoredFile(
                rows.getString("id"),
                rows.getString("owner_id"),
                rows.getString("name"),
                rows.getString("blob_id"),
                rows.getLong("bytes"),
                rows.getString("type"),
                rows.getString("sha256"),
                Sql.instant(rows, "created_at"));
    }
}
