package broken.core.stream;

import broken.core.lease.LeaseThatKnowsStreams;
import java.util.List;

/** Closes the cycle of {@link LeaseThatKnowsStreams}. */
public record Streams(List<LeaseThatKnowsStreams> wrong) {}
