package dev.tutti.stream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream. Events are durable and immutable.
 *
 * @param stream the stream of the event
 * @param seq the number of the event in its stream: 1 for the first event, without holes
 * @param type the type, as the sender named it
 * @param data the content, as the sender gave it
 * @param key the sender's key; null if there was none
 * @param at the time when the event was stored, by the store's clock
 */
public record Event(
        StreamName stream,
        long seq,
        String type,
        Json data,
        @Nullable String key,
        Instant at) {}
