package broken.protocol;

import broken.stream.ContractThatKnowsTheCore;

/** Breaks: the protocol knows nobody. */
public record ProtocolThatKnowsAContract(ContractThatKnowsTheCore wrong) {}
