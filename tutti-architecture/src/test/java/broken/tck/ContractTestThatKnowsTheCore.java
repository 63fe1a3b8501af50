package broken.tck;

import broken.core.stream.Streams;

/** Breaks: contract tests know the contracts. */
public record ContractTestThatKnowsTheCore(Streams wrong) {}
