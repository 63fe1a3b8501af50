package dev.tutti.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * The conversations of somebody, and the messages that they wrote there: the latest ones, as far as 20,000 messages of all
 * that were read, and 4 Mi characters. Safe for use by many threads; blocks.
 */
final class ChatExport {
    private static final int MOST_PAGES = 100;
    private static final int MOST_CHARACTERS = 4 << 20;

    private final ConversationList listing;
    private final ConversationHistory history;

    ChatExport(ConversationList listing, ConversationHistory history) {
        this.listing = listing;
        this.history = history;
    }

    /**
     * The conversations and messages of one person.
     *
     * @param complete whether these are all messages that they wrote in the conversations that they are in
     */
    record Exported(List<Part> conversations, boolean complete) {}

    /** One conversation, and what they wrote there, the latest first. */
    record Part(Conversation conversation, List<ChatMessage> messages) {}

    /** The export of {@code user}. */
    Exported of(String user) {
        List<Part> parts = new ArrayList<>();
        int pages = 0;
        int characters = 0;
        boolean complete = true;
        for (Conversation conversation : listing.all(user).conversations()) {
            List<ChatMessage> written = new ArrayList<>();
            long before = Long.MAX_VALUE;
            boolean more = true;
            while (more && pages < MOST_PAGES && characters < MOST_CHARACTERS) {
                pages++;
                ConversationHistory.Page page =
                        history.before(conversation.id(), user, before, ConversationHistory.MOST);
                for (ChatMessage message : page.messages()) {
                    if (message.sender().equals(user)) {
                        written.add(message);
                        characters += message.text().length();
                    }
                }
                more = page.more();
                before = page.before();
            }
            complete &= !more;
            parts.add(new Part(conversation, written));
        }
        return new Exported(parts, complete);
    }
}
