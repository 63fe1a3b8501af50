package broken.edge;

import broken.chat.ChatThatKnowsTheEdge;
import java.util.List;

/** Breaks: the edge does not know the server. */
public record EdgeThatKnowsTheServer(List<ChatThatKnowsTheEdge> wrong) {}
