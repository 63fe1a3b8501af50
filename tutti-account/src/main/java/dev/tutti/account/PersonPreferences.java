package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import javax.sql.DataSource;

/** The preferences of people with an account or a token of another issuer, for operators. Safe for use by many threads; blocks. */
public final class PersonPreferences {
    private final PreferenceStore store;

    /** Those in {@code database}, whose tables {@link AccountSchema} has made. */
    public PersonPreferences(DataSource database) {
        this.store = new PreferenceStore(new Database(database));
    }

    /** Deletes those of the person with that {@code id}, and the feed that tells of them. Without effect if there are none. */
    public void delete(String id) {
        store.delete(id);
    }
}
