package broken.core.stream;

import broken.edge.EdgeThatKnowsTheServer;

/** Breaks: the core knows the contracts. */
public record CoreThatKnowsTheEdge(EdgeThatKnowsTheServer wrong) {}
