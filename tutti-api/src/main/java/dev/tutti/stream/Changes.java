package dev.tutti.stream;

import java.util.Map;

/**
 * The streams to which events were committed between an earlier {@link Position} and now.
 *
 * @param now the present position
 * @param heads each changed stream with its last seq
 * @param complete false if there were too many streams to list; then any stream may have changed
 */
public record Changes(Position now, Map<StreamName, Long> heads, boolean complete) {}
