package dev.tutti.stream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, durable and never changed.
 *
 * @param stream the stream it is in
 * @param seq its place there: 1 for the first, then without a hole
 * @param type as the sender named it
 * @param data as the sender gave it
 * @param key as the sender gave it, if at all
 * @param at when it was stored, by the store's clock
 */
public record Event(
        StreamName stream,
        long seq,
        String type,
        Json data,
        @Nullable String key,
        Instant at) {}
