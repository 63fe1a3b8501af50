package dev.tutti.edge.http;

import java.time.Duration;

/**
 * The time-outs of HTTP connections.
 *
 * @param request from a request's first byte until its last, and for a part of its answer until the client takes it
 * @param first until anything at all comes
 * @param idle from its last answer until it is closed
 */
public record ConnectionTimes(Duration request, Duration first, Duration idle) {}
