package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** People, in {@code tutti.user}. Safe for use by many threads; blocks. */
final class UserStore {
    /** The display name of a deleted account. Its name is none that anybody can register. */
    private static final String DELETED = "Deleted account";

    /** Of all who come first at the same moment one gets the row of {@code first_account}; the others wait for that. */
    private static final Sql INSERT = new Sql("""
            with first as (
                insert into tutti.first_account
                select true
                where ? and not exists (select from tutti.first_account) and not exists (select from tutti.user)
                on conflict do nothing
                returning one
            )
            insert into tutti.user (id, name, display_name, search_name, password_hash, admin)
            select ?, ?, ?, ?, ?, exists (select from first)
            on conflict (name) do nothing
            """);

    private static final Sql BY_ID =
            new Sql("select id, name, display_name, avatar from tutti.user where id = ? and deleted_at is null");

    private static final Sql BY_NAME = new Sql("""
            select id, name, display_name, avatar, password_hash, disabled_at from tutti.user
            where name = ? and deleted_at is null
            """);

    private static final Sql PROFILE = new Sql("select * from tutti.user where id = ? and deleted_at is null");

    private static final Sql PAGE = new Sql("""
            select * from tutti.user where id > ? and deleted_at is null order by id limit ?
            """);

    /** A column whose new value is null stays as it is. */
    private static final Sql DESCRIBE = new Sql("""
            update tutti.user
            set display_name = coalesce(?::text, display_name),
                search_name = coalesce(?::text, search_name),
                about = coalesce(?::text, about)
            where id = ? and deleted_at is null
            """);

    private static final Sql ADMINISTER = new Sql("""
            update tutti.user
            set admin = coalesce(?::boolean, admin),
                disabled_at = case when ?::boolean then coalesce(disabled_at, now())
                                   when not ?::boolean then null
                                   else disabled_at end
            where id = ? and deleted_at is null
            returning *
            """);

    private static final Sql WAS_DELETED = new Sql("select 1 from tutti.user where id = ? and deleted_at is not null");

    /** Kept as it is until the transaction ends: a deletion waits. */
    private static final Sql HOLD = new Sql("select deleted_at is null from tutti.user where id = ? for share");

    private static final Sql IS_ADMIN =
            new Sql("select 1 from tutti.user where id = ? and admin and deleted_at is null");

    private static final Sql PASSWORD = new Sql("""
            update tutti.user set password_hash = ? where id = ? and password_hash = ? and deleted_at is null
            """);

    private static final Sql NEW_PASSWORD = new Sql("""
            update tutti.user set password_hash = ? where id = ? and disabled_at is null and deleted_at is null
            """);

    private static final Sql ERASE = new Sql("""
            update tutti.user
            set name = 'deleted:' || id, display_name = ?, search_name = '', about = '', avatar = null, email = null,
                password_hash = '', admin = false, deleted_at = now()
            where id = ? and deleted_at is null
            """);

    private static final List<Sql> FORGET = List.of(
            new Sql("delete from tutti.avatar where user_id = ?"),
            new Sql("delete from tutti.mail_token where user_id = ?"),
            new Sql("delete from tutti.password_link where user_id = ?"),
            new Sql("delete from tutti.user_block where user_id = ?"),
            new Sql("delete from tutti.user_block where blocked_id = ?"),
            new Sql("delete from tutti.server_invitation where created_by = ?"));

    private final Database database;

    UserStore(Database database) {
        this.database = database;
    }

    /** A person with the hash of their password, and whether they cannot log in. */
    record Known(User user, String passwordHash, boolean disabled) {}

    /**
     * Adds a person, in a transaction of the caller's; false if the name is taken.
     *
     * @param registers whether they come themselves, and administer the server if they are the first
     */
    static boolean add(Connection connection, User user, String passwordHash, boolean registers) throws SQLException {
        return INSERT.update(
                        connection,
                        registers,
                        user.id(),
                        user.name(),
                        user.displayName(),
                        Input.folded(user.displayName()),
                        passwordHash)
                == 1;
    }

    /** The refusal of a name that another person has. */
    static TuttiException taken(User user) {
        return new TuttiException(ErrorCode.CONFLICT, "name '" + user.name() + "' is taken");
    }

    Optional<User> find(String id) {
        return database.statement(connection -> BY_ID.first(connection, User::of, id));
    }

    Optional<Known> named(String name) {
        return database.statement(connection -> BY_NAME.first(
                connection,
                rows -> new Known(
                        User.of(rows), rows.getString("password_hash"), rows.getObject("disabled_at") != null),
                name));
    }

    Optional<Profile> profile(String id) {
        return database.statement(connection -> profile(connection, id));
    }

    /** The same, in a transaction of the caller's. */
    static Optional<Profile> profile(Connection connection, String id) throws SQLException {
        return PROFILE.first(connection, UserStore::profile, id);
    }

    /** Accounts behind {@code after} in the order of their ids. */
    List<Profile> page(String after, int limit) {
        return database.read(connection -> PAGE.list(connection, UserStore::profile, after, limit));
    }

    /** Changes what people say of themselves; null for what stays. */
    void describe(String id, @Nullable String displayName, @Nullable String about) {
        String folded = displayName == null ? null : Input.folded(displayName);
        database.statement(connection -> DESCRIBE.update(connection, displayName, folded, about, id));
    }

    /** Makes an administrator of somebody or not, disables them or not; null for what stays. Empty if there is no such account. */
    static Optional<Profile> administer(
            Connection connection, String id, @Nullable Boolean admin, @Nullable Boolean disabled) throws SQLException {
        return ADMINISTER.first(connection, UserStore::profile, admin, disabled, disabled, id);
    }

    boolean wasDeleted(String id) {
        return database.statement(connection -> WAS_DELETED.first(connection, _ -> true, id))
                .isPresent();
    }

    /** Keeps an account from being deleted until the transaction ends; false if it was. One that is not in the table was not. */
    static boolean hold(Connection connection, String id) throws SQLException {
        return HOLD.first(connection, rows -> rows.getBoolean(1), id).orElse(true);
    }

    boolean isAdmin(String id) {
        return database.statement(connection -> IS_ADMIN.first(connection, _ -> true, id))
                .isPresent();
    }

    /** Replaces a password, in a transaction of the caller's; false if it is no longer the one with {@code oldHash}. */
    static boolean changePassword(Connection connection, String id, String oldHash, String newHash)
            throws SQLException {
        return PASSWORD.update(connection, newHash, id, oldHash) == 1;
    }

    /** Gives somebody another password, in a transaction of the caller's; false if they cannot log in. */
    static boolean setPassword(Connection connection, String id, String hash) throws SQLException {
        return NEW_PASSWORD.update(connection, hash, id) == 1;
    }

    /** Takes everything out of the account that tells of the person, in a transaction of the caller's; false if there is none. */
    static boolean erase(Connection connection, String id) throws SQLException {
        if (ERASE.update(connection, DELETED, id) == 0) {
            return false;
        }
        for (Sql forget : FORGET) {
            forget.update(connection, id);
        }
        return true;
    }

    private static Profile profile(ResultSet rows) throws SQLException {
        return new Profile(
                rows.getString("id"),
                rows.getString("name"),
                rows.getString("display_name"),
                rows.getString("about"),
                rows.getString("avatar"),
                rows.getString("email"),
                rows.getBoolean("admin"),
                rows.getObject("disabled_at") != null,
                Sql.instant(rows, "created_at"));
    }
}
