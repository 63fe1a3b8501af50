package dev.tutti.chat;

import dev.tutti.account.User;
import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.chat.ConversationSummaries.Tail;
import dev.tutti.chat.ConversationSummaries.Wanted;
import dev.tutti.core.JsonCodec;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Conversations as their members see them. However many they are, that takes six queries, which all see one moment: what
 * the tables say and how far the streams have come fit together. Safe for use by many threads; blocks.
 */
final class ConversationList {
    private static final String AS_MEMBER = """
            select c.id, c.kind, c.title, c.open, c.member_count, m.joined_seq, m.read_seq,
                   case when m.owner then 'owner' else 'member' end as role,
                   case when i.conversation_id is not null then 'sent' end as invitation,
                   c.created_at, u.id as creator, u.name, u.display_name, u.avatar
            from tutti.member m
            join tutti.conversation c on c.id = m.conversation_id
            left join tutti.user u on u.id = c.created_by
            left join tutti.invitation i on i.conversation_id = c.id
            """;

    /** Also those to which somebody is invited, the newest first. */
    private static final Sql OF_USER = new Sql(AS_MEMBER + """
            where m.user_id = ?
            union all
            (select c.id, c.kind, c.title, c.open, c.member_count, 0, 0, null, 'received',
                    c.created_at, null, null, null, null
             from tutti.invitation i join tutti.conversation c on c.id = i.conversation_id
             where i.invited = ? and i.declined_at is null and i.told
               and not exists (select from tutti.user_block b where b.user_id = i.invited and b.blocked_id = i.founder)
             order by i.created_at desc limit ?)
            """);

    private static final Sql ONE = new Sql(AS_MEMBER + """
            where m.user_id = ? and m.conversation_id = ?
            """);

    private static final Sql SHOWN_MEMBERS = new Sql("""
            select wanted.id as conversation_id, u.id, u.name, u.display_name, u.avatar
            from unnest(?::text[]) as wanted (id)
            cross join lateral (
                select m.user_id from tutti.member m where m.conversation_id = wanted.id
                union all
                select i.invited from tutti.invitation i where i.conversation_id = wanted.id
                order by 1 limit ?
            ) shown
            join tutti.user u on u.id = shown.user_id
            order by u.id
            """);

    private static final Sql MEMBERS = new Sql("""
            select u.id, u.name, u.display_name, u.avatar, m.read_seq,
                   case when m.owner then 'owner' else 'member' end as role
            from tutti.member m join tutti.user u on u.id = m.user_id
            where m.conversation_id = ? and m.user_id > ?
            order by m.user_id limit ?
            """);

    private final Database database;
    private final ConversationSummaries summaries;
    private final CurrentMessages current = new CurrentMessages();

    ConversationList(Database database, JsonCodec json) {
        this.database = database;
        this.summaries = new ConversationSummaries(json);
    }

    private record Row(
            String id,
            String kind,
            @Nullable String title,
            boolean open,
            int memberCount,
            long joinedSeq,
            long readSeq,
            @Nullable String role,
            @Nullable String invitation,
            Instant createdAt,
            @Nullable User createdBy) {}

    /**
     * A person's conversations and those to which they are invited, each with the latest message first, and everybody in them
     * who is named.
     */
    record Overview(List<Conversation> conversations, List<Conversation> invitations, Map<String, User> users) {}

    /** A member, for the list of all of them. */
    record Listed(User user, String role, long readSeq) {}

    /** Everything that {@code user} is in. */
    Overview all(String user) {
        return database.snapshot(connection -> {
            List<Row> rows = OF_USER.list(connection, ConversationList::row, user, user, Invitations.MOST_OF_INVITED);
            List<Conversation> all = new ArrayList<>(views(connection, user, rows));
            all.sort(Comparator.comparing(ConversationList::latest).reversed());
            Map<Boolean, List<Conversation>> received = all.stream()
                    .collect(Collectors.partitioningBy(
                            conversation -> Conversation.RECEIVED.equals(conversation.invitation())));
            return new Overview(
                    received.getOrDefault(false, List.of()),
                    received.getOrDefault(true, List.of()),
                    users(connection, user, all));
        });
    }

    /** One of them; NOT_FOUND if {@code user} is not in it. */
    Conversation one(String conversation, String user) {
        return database.snapshot(connection -> {
            Row row = ONE.first(connection, ConversationList::row, user, conversation)
                    .orElseThrow(ConversationMembers::unknown);
            return views(connection, user, List.of(row)).getFirst();
        });
    }

    /** The members behind {@code after} in the order of their ids, at most {@code limit}. */
    List<Listed> members(String conversation, String after, int limit) {
        return database.read(connection -> MEMBERS.list(
                connection,
                rows -> new Listed(User.of(rows), rows.getString("role"), rows.getLong("read_seq")),
                conversation,
                after,
                limit));
    }

    private List<Conversation> views(Connection connection, String user, List<Row> rows) throws SQLException {
        List<String> ids = rows.stream().map(Row::id).toList();
        Map<String, List<User>> members = shownMembers(connection, ids);
        Map<String, Tail> ends = summaries.of(
                connection,
                user,
                rows.stream()
                        .map(row -> new Wanted(row.id(), row.joinedSeq(), row.readSeq()))
                        .toList());
        Map<Place, ChatMessage> sent = new HashMap<>();
        ends.forEach((id, end) -> {
            if (end.lastMessage() != null) {
                sent.put(new Place(id, end.lastMessage().seq()), end.lastMessage());
            }
        });
        Map<Place, ChatMessage> now = current.of(connection, user, sent);
        return rows.stream()
                .map(row -> view(
                        row,
                        members.getOrDefault(row.id(), List.of()),
                        ends.getOrDefault(row.id(), new Tail(0, null, 0)),
                        now))
                .toList();
    }

    private static Conversation view(Row row, List<User> members, Tail end, Map<Place, ChatMessage> now) {
        ChatMessage last = end.lastMessage();
        return new Conversation(
                row.id(),
                row.kind(),
                row.title(),
                row.open(),
                row.memberCount(),
                members,
                end.head(),
                last == null ? null : now.get(new Place(row.id(), last.seq())),
                end.unread(),
                row.readSeq(),
                row.joinedSeq(),
                row.role(),
                row.invitation(),
                row.createdAt(),
                row.createdBy());
    }

    private static Map<String, List<User>> shownMembers(Connection connection, List<String> ids) throws SQLException {
        Map<String, List<User>> members = new HashMap<>();
        SHOWN_MEMBERS
                .list(
                        connection,
                        rows -> Map.entry(rows.getString("conversation_id"), User.of(rows)),
                        ids,
                        Conversation.SHOWN_MEMBERS)
                .forEach(shown -> members.computeIfAbsent(shown.getKey(), _ -> new ArrayList<>())
                        .add(shown.getValue()));
        return members;
    }

    /** Themselves, the members shown, and who sent the last messages, who may have left since. */
    private static Map<String, User> users(Connection connection, String user, List<Conversation> conversations)
            throws SQLException {
        Map<String, User> users = new HashMap<>();
        Set<String> others = new HashSet<>(Set.of(user));
        for (Conversation conversation : conversations) {
            conversation.members().forEach(member -> users.put(member.id(), member));
            if (conversation.lastMessage() != null) {
                others.add(conversation.lastMessage().sender());
            }
        }
        others.removeAll(users.keySet());
        users.putAll(Directory.named(connection, others));
        return users;
    }

    private static Instant latest(Conversation conversation) {
        return conversation.lastMessage() == null
                ? Instant.EPOCH
                : conversation.lastMessage().at();
    }

    private static Row row(ResultSet rows) throws SQLException {
        String creator = rows.getString("creator");
        return new Row(
                rows.getString("id"),
                rows.getString("kind"),
                rows.getString("title"),
                rows.getBoolean("open"),
                rows.getInt("member_count"),
                rows.getLong("joined_seq"),
                rows.getLong("read_seq"),
                rows.getString("role"),
                rows.getString("invitation"),
                Sql.instant(rows, "created_at"),
                creator == null
                        ? null
                        : new User(
                                creator,
                                rows.getString("name"),
                                rows.getString("display_name"),
                                rows.getString("avatar")));
    }
}
