package broken.account;

import broken.chat.ChatThatKnowsTheEdge;
import java.util.List;

/** Breaks: accounts do not know the chat. */
public record AccountThatKnowsTheChat(List<ChatThatKnowsTheEdge> wrong) {}
