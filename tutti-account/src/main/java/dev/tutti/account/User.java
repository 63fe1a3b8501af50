package dev.tutti.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A person, as others see them.
 *
 * @param id never changes; 24 characters of {@code 0-9 a-f}
 * @param name what they log in with, unique
 * @param displayName what is shown
 * @param avatar which picture of them there is now, see {@link Accounts#avatars}; null if there is none
 */
public record User(
        String id,
        String name,
        String displayName,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String avatar) {
    /** Somebody without a picture. */
    public User(String id, String name, String displayName) {
        this(id, name, displayName, null);
    }

    /** The person in a row of {@code tutti.user}, of which it needs {@code id}, {@code name}, {@code display_name} and {@code avatar}. */
    public static User of(ResultSet rows) throws SQLException {
        return new User(
                rows.getString("id"), rows.getString("name"), rows.getString("display_name"), rows.getString("avatar"));
    }
}
