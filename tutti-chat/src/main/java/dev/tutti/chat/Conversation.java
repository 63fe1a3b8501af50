package dev.tutti.chat;

import dev.tutti.account.User;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as one of its members sees it.
 *
 * @param id which one
 * @param kind {@code direct} or {@code group}
 * @param title null if direct
 * @param open whether people may join by themselves
 * @param memberCount how many are in it
 * @param members the first of them by id, at most {@link #SHOWN_MEMBERS}
 * @param lastSeq the last event's seq; everything up to it is in here
 * @param lastMessage the last message that the member may see
 * @param unread messages of others behind {@code readSeq}, at most {@link #MOST_UNREAD}
 * @param readSeq up to where the member has read
 * @param joinedSeq what is behind it is what the member may see
 * @param role of whom it is shown to: the owner's or that of all others in it; null from outside and to those who are invited
 * @param invitation {@code sent} if the other one of a direct conversation has not answered, {@code received} if one has not
 *     oneself, else null
 * @param createdAt when it was made; null from outside
 * @param createdBy who made the group, if that is known
 */
record Conversation(
        String id,
        String kind,
        @Nullable String title,
        boolean open,
        int memberCount,
        List<User> members,
        long lastSeq,
        @Nullable ChatMessage lastMessage,
        int unread,
        long readSeq,
        long joinedSeq,
        @Nullable String role,
        @Nullable String invitation,
        @Nullable Instant createdAt,
        @Nullable User createdBy) {
    static final int SHOWN_MEMBERS = 20;
    static final int MOST_UNREAD = 100;

    static final String DIRECT = "direct";
    static final String GROUP = "group";

    static final String SENT = "sent";
    static final String RECEIVED = "received";

    /** An open group as those see it who are not in it. */
    static Conversation fromOutside(String id, String title, int memberCount) {
        return new Conversation(
                id, GROUP, title, true, memberCount, List.of(), 0, null, 0, 0, 0, null, null, null, null);
    }
}
