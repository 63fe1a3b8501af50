package broken.cluster;

import broken.core.stream.Streams;

/** Breaks: the cluster knows the contracts. */
public record ClusterThatKnowsTheCore(Streams wrong) {}
