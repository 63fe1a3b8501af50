package dev.tutti.chat;

import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Which messages have which files, in {@code tutti.message_attachment}: whoever sees such a message may read them. Stateless. */
final class AttachmentStore {
    private static final Sql ADD = new Sql("""
            insert into tutti.message_attachment (conversation_id, seq, at, file_id)
            select ?, ?, ?::timestamptz, file_id from unnest(?::text[]) as wanted (file_id)
            """);

    /**
     * Of each conversation the newest, because what is not kept any more is older than what is. One probe of the primary key for each
     * conversation that they are in, however often the file was sent there.
     */
    private static final Sql SHOWN_TO = new Sql("""
            select newest.conversation_id, newest.seq
            from tutti.member m
            cross join lateral (
                select a.conversation_id, a.seq, a.at
                from tutti.message_attachment a
                where a.file_id = ? and a.conversation_id = m.conversation_id and a.seq > m.joined_seq
                  and not exists (
                      select from tutti.message_change c
                      where c.conversation_id = a.conversation_id and c.seq = a.seq and c.text is null)
                order by a.seq desc
                limit 1
            ) newest
            where m.user_id = ?
            order by newest.at desc
            limit ?
            """);

    private static final Sql ENDED = new Sql("""
            select distinct file_id
            from (
                select file_id from tutti.message_attachment
                where at < (select tutti.kept_since('conversation'))
                order by at
                limit ?
            ) ended
            """);

    private static final Sql FORGET = new Sql("""
            delete from tutti.message_attachment
            where ctid = any (array(
                select ctid from tutti.message_attachment
                where file_id = ? and at < (select tutti.kept_since('conversation'))
                limit 1000))
            """);

    private static final Sql ATTACHED = new Sql("""
            select 1 from tutti.message_attachment where file_id = ? limit 1
            """);

    /** Notes the attachments of a message that was sent at {@code at}. */
    void add(Connection connection, Place message, Instant at, List<Attachment> attachments) throws SQLException {
        ADD.update(
                connection,
                message.conversation(),
                message.seq(),
                at.toString(),
                attachments.stream().map(Attachment::id).toList());
    }

    /** Messages with the file that {@code user} sees as far as they are kept, one of a conversation, the newest {@code most}. */
    List<Place> shownTo(Connection connection, String user, String file, int most) throws SQLException {
        return SHOWN_TO.list(
                connection,
                rows -> new Place(rows.getString("conversation_id"), rows.getLong("seq")),
                file,
                user,
                most);
    }

    /** Some files of messages that are not kept any more, at most {@code most}. */
    List<String> ended(Connection connection, int most) throws SQLException {
        return ENDED.list(connection, rows -> rows.getString("file_id"), most);
    }

    /** Forgets that some messages, which are not kept any more, had the file; true if that leaves none that has it. */
    boolean forget(Connection connection, String file) throws SQLException {
        return FORGET.update(connection, file) > 0
                && ATTACHED.first(connection, _ -> true, file).isEmpty();
    }
}
