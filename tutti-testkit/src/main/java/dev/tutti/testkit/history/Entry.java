package dev.tutti.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@link History}: an action or an observation of a client. Immutable.
 *
 * <p>A message is identified by its stream and key. It may be sent several times with the same key: each attempt is one {@link Invoked},
 * followed by at most one of {@link Acknowledged}, {@link Refused} and {@link Unknown}.
 */
public sealed interface Entry {
    /** The name of the client. */
    String client();

    /** The name of the stream. */
    String stream();

    /** The client began an attempt to send. */
    record Invoked(String client, String stream, String key) implements Entry {}

    /** The client was told that its message is durable, and has the number {@code seq} in the stream. */
    record Acknowledged(String client, String stream, String key, long seq) implements Entry {}

    /** The client was told that nothing was stored. */
    record Refused(String client, String stream, String key, String why) implements Entry {}

    /** The client got no answer, because the connection broke or the time-out passed. The message may have been stored. */
    record Unknown(String client, String stream, String key) implements Entry {}

    /** An event was delivered to the client; {@code key} is null if the event has none. */
    record Received(
            String client,
            String stream,
            long seq,
            @Nullable String key) implements Entry {}

    /** The client was told that the events after {@code after}, up to {@code resume}, are no longer kept. */
    record Gap(String client, String stream, long after, long resume) implements Entry {}
}
