package dev.tutti.server.key;

import dev.tutti.postgres.sql.MigratedSchema;
import java.util.List;

/** The tables of the keys and of webhooks, with a history of their own. */
public final class KeySchema extends MigratedSchema {
    public KeySchema() {
        super(
                "server_schema_history",
                List.of("dev/tutti/server/migration"),
                List.of("api_key", "webhook", "webhook_stream"));
    }
}
