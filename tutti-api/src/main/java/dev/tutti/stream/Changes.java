package dev.tutti.stream;

import java.util.Map;

/**
 * The streams that events were committed to between an earlier {@link Position} and now.
 *
 * @param now the later position
 * @param heads each changed stream with its last seq
 * @param complete false if there were too many to list; then any stream may have changed
 */
public record Changes(Position now, Map<StreamName, Long> heads, boolean complete) {}
