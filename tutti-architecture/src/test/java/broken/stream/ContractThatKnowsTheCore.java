package broken.stream;

import broken.core.stream.CoreThatKnowsTheEdge;

/** Breaks: the contracts know nobody. */
public record ContractThatKnowsTheCore(CoreThatKnowsTheEdge wrong) {}
