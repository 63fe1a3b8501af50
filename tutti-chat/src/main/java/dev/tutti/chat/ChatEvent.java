package dev.tutti.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.User;
import dev.tutti.core.JsonCodec;
import dev.tutti.stream.Event;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The data that the chat's events carry, as JSON objects of these fields. */
sealed interface ChatEvent {
    /**
     * The data of {@code event}; empty if the chat does not write it so. One event that somebody else has written does not keep
     * people from all the others.
     */
    static <T extends ChatEvent> Optional<T> of(Event event, Class<T> type, JsonCodec json) {
        try {
            return Optional.of(json.read(event.data(), type));
        } catch (TuttiException unreadable) {
            if (unreadable.code() != ErrorCode.BAD_REQUEST) {
                throw unreadable;
            }
            return Optional.empty();
        }
    }

    /** In a conversation: somebody says something. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Sent(
            String sender,
            @JsonInclude String text,
            @Nullable List<Attachment> attachments,
            @Nullable Long replyTo) implements ChatEvent {
        public Sent {
            requireNonNull(sender);
            requireNonNull(text);
            attachments = attachments == null ? null : List.copyOf(attachments);
        }

        /** The same, as it reads now; without anything if it was deleted. */
        Sent now(@Nullable String text) {
            return text == null ? new Sent(sender, "", null, null) : new Sent(sender, text, attachments, replyTo);
        }
    }

    /** In a conversation: the message at {@code seq} reads otherwise now. */
    record Edited(long seq, String sender, String text) implements ChatEvent {
        public Edited {
            requireNonNull(sender);
            requireNonNull(text);
        }
    }

    /** In a conversation: the message at {@code seq}, sent by {@code sender}, was deleted by {@code by}. */
    record Deleted(long seq, String sender, String by) implements ChatEvent {}

    /** In a conversation: {@code user} added a reaction to the message at {@code seq}, or removed it; {@code count} people have it now. */
    record Reacted(long seq, String user, String emoji, boolean added, long count) implements ChatEvent {
        public Reacted {
            requireNonNull(user);
            requireNonNull(emoji);
        }
    }

    /** In a conversation: {@code by} brought {@code user} in, themselves perhaps. */
    record MemberJoined(User user, String by) implements ChatEvent {
        public MemberJoined {
            requireNonNull(user.id());
            requireNonNull(by);
        }
    }

    /** In a conversation: {@code by} took {@code user} out, themselves perhaps; {@code owner} owns it from now on. */
    record MemberLeft(String user, String by, @Nullable String owner) implements ChatEvent {
        public MemberLeft {
            requireNonNull(user);
            requireNonNull(by);
        }
    }

    /** In a conversation: all with whom a large group was made are in it, {@code memberCount} people by now. */
    record MemberCount(int memberCount) implements ChatEvent {}

    /** In a conversation: {@code by} has given the group another title. */
    record Renamed(String title, String by) implements ChatEvent {
        public Renamed {
            requireNonNull(title);
            requireNonNull(by);
        }
    }

    /** In a conversation: {@code user} has read up to {@code seq}. */
    record Read(String user, long seq) implements ChatEvent {}

    /** In an inbox: one is in {@code conversation} and sees what comes behind {@code after}. */
    record Joined(String conversation, long after) implements ChatEvent {
        public Joined {
            var _ = ChatStreams.conversation(conversation);
        }
    }

    /**
     * In an inbox: one is no longer in {@code conversation}, and sees nothing of it behind {@code seq}, the event that tells
     * the others; 0 if an older version wrote this.
     */
    record Left(String conversation, long seq) implements ChatEvent {
        public Left {
            var _ = ChatStreams.conversation(conversation);
        }
    }

    /** In an inbox: {@code by} wants to talk, in {@code conversation}. */
    record Invited(String conversation, User by) implements ChatEvent {}

    /** In an inbox: whom one has invited is in {@code conversation} now. */
    record Accepted(String conversation) implements ChatEvent {}

    /** In an inbox: one does not want to talk in {@code conversation}. */
    record Declined(String conversation) implements ChatEvent {}

    /** In an inbox: one has read {@code conversation}, a large one, up to {@code seq}. */
    record ReadElsewhere(String conversation, long seq) implements ChatEvent {}
}
