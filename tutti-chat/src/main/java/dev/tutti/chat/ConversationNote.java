package dev.tutti.chat;

import dev.tutti.core.JsonCodec;
import dev.tutti.stream.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An occurrence in a conversation between its messages: somebody came or left, or the group has another title.
 *
 * @param seq its place in the conversation
 * @param type as the event's
 * @param user who came or left; null for another title
 * @param by who did that
 * @param title the other title, or null
 * @param at when
 */
record ConversationNote(
        long seq,
        String type,
        @Nullable String user,
        String by,
        @Nullable String title,
        Instant at) {
    /** The note that {@code event} is, if it is one. */
    static @Nullable ConversationNote of(Event event, JsonCodec json) {
        return switch (event.type()) {
            case ChatStreams.MEMBER_JOINED ->
                ChatEvent.of(event, ChatEvent.MemberJoined.class, json)
                        .map(joined -> new ConversationNote(
                                event.seq(), event.type(), joined.user().id(), joined.by(), null, event.at()))
                        .orElse(null);
            case ChatStreams.MEMBER_LEFT ->
                ChatEvent.of(event, ChatEvent.MemberLeft.class, json)
                        .map(left -> new ConversationNote(
                                event.seq(), event.type(), left.user(), left.by(), null, event.at()))
                        .orElse(null);
            case ChatStreams.RENAMED ->
                ChatEvent.of(event, ChatEvent.Renamed.class, json)
                        .map(renamed -> new ConversationNote(
                                event.seq(), event.type(), null, renamed.by(), renamed.title(), event.at()))
                        .orElse(null);
            default -> null;
        };
    }
}
