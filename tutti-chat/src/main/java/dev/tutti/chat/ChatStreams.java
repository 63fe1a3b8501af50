package dev.tutti.chat;

import dev.tutti.stream.StreamName;

/** The streams of the chat, and the events in them. */
final class ChatStreams {
    static final String CONVERSATION_KIND = "conversation";
    static final String USER_KIND = "user";

    static final String MESSAGE = "message";
    static final String EDITED = "message.edited";
    static final String DELETED = "message.deleted";
    static final String REACTED = "message.reacted";
    static final String MEMBER_JOINED = "member.joined";
    static final String MEMBER_LEFT = "member.left";
    static final String MEMBERS = "conversation.members";
    static final String RENAMED = "conversation.renamed";
    static final String READ = "read";
    static final String JOINED = "conversation.joined";
    static final String INVITED = "invitation";
    static final String ACCEPTED = "invitation.accepted";
    static final String DECLINED = "invitation.declined";
    static final String LEFT = "conversation.left";

    private ChatStreams() {}

    /** Everything that happens in a conversation. */
    static StreamName conversation(String id) {
        return StreamName.of(CONVERSATION_KIND, id);
    }

    /** A person's inbox: which conversations they are in, and what their other devices did. */
    static StreamName inbox(String user) {
        return StreamName.of(USER_KIND, user);
    }
}
