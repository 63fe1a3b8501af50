package dev.tutti.chat;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Which messages have which files, in {@code tutti.message_attachment}: whoever sees such a message may read them. Stateless. */
final class AttachmentStore {
    private static final Sql ADD = new Sql("""
            insert into tutti.message_attachment (conversation_id, seq, file_id)
            select ?, ?, file_id from unnest(?::text[]) as wanted (file_id)
            """);

    private static final Sql READABLE = new Sql("""
            select 1
            from tutti.message_attachment a
            join tutti.member m on m.conversation_id = a.conversation_id and m.user_id = ? and m.joined_seq < a.seq
            where a.file_id = ?
              and not exists (
                  select from tutti.message_change c
                  where c.conversation_id = a.conversation_id and c.seq = a.seq and c.text is null)
            limit 1
            """);

    void add(Connection connection, String conversation, long seq, List<Attachment> attachments) throws SQLException {
        ADD.update(
                connection,
                conversation,
                seq,
                attachments.stream().map(Attachment::id).toList());
    }

    /** Whether {@code user} sees a message that has the file. */
    boolean readable(Connection connection, String user, String file) throws SQLException {
        return READABLE.first(connection, _ -> true, user, file).isPresent();
    }
}
