package dev.tutti.bench.load;

/**
 * The target of a {@link Followers follower}: one stream, or all streams of somebody to whom the stream belongs.
 *
 * @param bearer the access token of who follows
 * @param stream whose events are counted and checked
 * @param head the seq of its last event before anything is sent
 * @param token the resume token that following begins with; empty to follow the stream by itself, behind the last seq seen
 */
public record Followed(String bearer, String stream, long head, String token) {}
