package dev.tutti.chat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is now.
 *
 * @param seq its place in the conversation
 * @param id the sender's own id for it
 * @param sender who sent it
 * @param text empty if deleted
 * @param at when it was stored
 * @param editedAt when it was last edited, if ever
 * @param deleted whether it was deleted
 * @param attachments none if deleted
 * @param reactions none if deleted
 * @param replyTo the seq of the message that it answers, if it does and is not deleted
 */
record ChatMessage(
        long seq,
        @Nullable String id,
        String sender,
        String text,
        Instant at,
        @Nullable Instant editedAt,
        boolean deleted,
        List<Attachment> attachments,
        List<Reaction> reactions,
        @Nullable Long replyTo) {
    /** The same with these reactions. */
    ChatMessage with(List<Reaction> others) {
        return new ChatMessage(seq, id, sender, text, at, editedAt, deleted, attachments, others, replyTo);
    }
}
