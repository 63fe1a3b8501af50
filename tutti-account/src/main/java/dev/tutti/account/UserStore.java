package dev.tutti.account;

import dev.tutti.core.input.Input;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** People, in {@code tutti.user}. Safe for use by many threads; blocks. */
final class UserStore {
    private static final Sql INSERT = new Sql("""
            insert into tutti.user (id, name, display_name, search_name, password_hash)
            values (?, ?, ?, ?, ?)
            on conflict (name) do nothing
            """);

    private static final Sql BY_ID = new Sql("select id, name, display_name from tutti.user where id = ?");

    private static final Sql BY_NAME =
            new Sql("select id, name, display_name, password_hash from tutti.user where name = ?");

    private final Database database;

    UserStore(Database database) {
        this.database = database;
    }

    /** A person with the hash of their password. */
    record Known(User user, String passwordHash) {}

    /** Adds a person; false if the name is taken. */
    boolean add(User user, String passwordHash) {
        return database.statement(connection -> INSERT.update(
                        connection,
                        user.id(),
                        user.name(),
                        user.displayName(),
                        Input.folded(user.displayName()),
                        passwordHash)
                == 1);
    }

    Optional<User> find(String id) {
        return database.statement(connection -> BY_ID.first(connection, UserStore::user, id));
    }

    Optional<Known> named(String name) {
        return database.statement(connection ->
                BY_NAME.first(connection, rows -> new Known(user(rows), rows.getString("password_hash")), name));
    }

    private static User user(ResultSet rows) throws SQLException {
        return new User(rows.getString("id"), rows.getString("name"), rows.getString("display_name"));
    }
}
