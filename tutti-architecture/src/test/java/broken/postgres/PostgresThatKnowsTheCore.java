package broken.postgres;

import broken.core.stream.Streams;

/** Breaks: a backend does not know the core. */
public record PostgresThatKnowsTheCore(Streams wrong) {}
