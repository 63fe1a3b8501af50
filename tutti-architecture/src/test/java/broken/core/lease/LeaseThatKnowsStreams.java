package broken.core.lease;

import broken.core.stream.Streams;

/** Breaks: capabilities do not know one another. */
public record LeaseThatKnowsStreams(Streams wrong) {}
