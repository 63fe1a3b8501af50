package dev.tutti.server.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream with events that a webhook still has to post.
 *
 * @param stream its name
 * @param cursor the last event that was delivered
 * @param head the last one that is to be delivered
 * @param attempts how often in a row it has failed
 * @param due when it is tried next
 * @param error how it failed last; null if it did not
 */
public record WaitingStream(
        String stream,
        long cursor,
        long head,
        int attempts,
        Instant due,
        @Nullable String error) {}
