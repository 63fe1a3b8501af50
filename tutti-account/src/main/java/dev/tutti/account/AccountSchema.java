package dev.tutti.account;

import dev.tutti.postgres.sql.MigratedSchema;
import java.util.List;

/** The tables of the accounts, with a history that they share with the features that refer to them. */
public final class AccountSchema extends MigratedSchema {
    /** Notes the migrations of all these features. */
    public static final String HISTORY = "feature_schema_history";

    /** Where those of the accounts are. */
    public static final String MIGRATIONS = "dev/tutti/account/migration";

    /** The tables that must be readable for accounts to be usable. */
    public static final List<String> TABLES = List.of("user", "user_session", "first_account");

    public AccountSchema() {
        super(HISTORY, List.of(MIGRATIONS), TABLES);
    }
}
