package broken.redis;

import broken.core.stream.Streams;
import java.util.List;

/** Breaks: a backend does not know the core. */
public record RedisThatKnowsTheCore(List<Streams> wrong) {}
