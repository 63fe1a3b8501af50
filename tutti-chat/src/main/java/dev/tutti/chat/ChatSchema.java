package dev.tutti.chat;

import dev.tutti.account.AccountSchema;
import dev.tutti.postgres.sql.MigratedSchema;
import java.util.List;
import java.util.stream.Stream;

/** The tables of the chat and of the accounts that it is for, with a history that they share. */
public final class ChatSchema extends MigratedSchema {
    public ChatSchema() {
        super(
                AccountSchema.HISTORY,
                List.of(AccountSchema.MIGRATIONS, "dev/tutti/chat/migration"),
                Stream.concat(AccountSchema.TABLES.stream(), Stream.of("conversation", "member"))
                        .toList());
    }
}
