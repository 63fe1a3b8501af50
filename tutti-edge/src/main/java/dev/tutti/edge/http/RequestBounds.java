package dev.tutti.edge.http;

import java.time.Duration;
import java.util.Set;

/**
 * The bounds of requests: how many, how long, how large, and from where.
 *
 * @param most how many may be under way at a time
 * @param addressPercent how many of these may come from one address
 * @param time from a request's being read until its answer
 * @param body the largest body in bytes
 * @param patience how long a client may send nothing of a body that is read as it comes, or take nothing of one that it gets
 * @param origins which other origins may send them from a browser
 */
public record RequestBounds(
        int most, int addressPercent, Duration time, int body, Duration patience, Set<String> origins) {
    public RequestBounds {
        origins = Set.copyOf(origins);
    }
}
