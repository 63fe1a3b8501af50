package broken.chat;

import broken.edge.EdgeThatKnowsTheServer;

/** Breaks: features use the public extension points alone. */
public record ChatThatKnowsTheEdge(EdgeThatKnowsTheServer wrong) {}
