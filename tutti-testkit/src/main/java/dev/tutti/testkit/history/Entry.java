package dev.tutti.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a client saw or did.
 *
 * <p>A send is known by its stream and key. It may be tried several times with the same key: each try is one {@link
 * Invoked}, followed by at most one of {@link Acknowledged}, {@link Refused} and {@link Unknown}.
 */
public sealed interface Entry {
    /** The client that saw it. */
    String client();

    /** Where. */
    String stream();

    /** The client began to send. */
    record Invoked(String client, String stream, String key) implements Entry {}

    /** The client was told that its message is durable, as number {@code seq} of the stream. */
    record Acknowledged(String client, String stream, String key, long seq) implements Entry {}

    /** The client was told that nothing was stored. */
    record Refused(String client, String stream, String key, String why) implements Entry {}

    /** The client was told nothing: the connection broke or the time ran out. The message may be stored. */
    record Unknown(String client, String stream, String key) implements Entry {}

    /** An event was delivered to the client; {@code key} is null if the event has none. */
    record Received(
            String client,
            String stream,
            long seq,
            @Nullable String key) implements Entry {}

    /** The client was told that the events behind {@code after} up to {@code resume} are no longer kept. */
    record Gap(String client, String stream, long after, long resume) implements Entry {}
}
