package dev.tutti.testkit.presence;

import java.time.Duration;

/** An event of a run for the {@link PresenceChecker}, with its time since the beginning of the run. Immutable. */
public sealed interface PresenceEvent {
    /** The time since the beginning of the run. */
    Duration at();

    /** A person without a connection has one from now on. */
    record Came(String person, Duration at) implements PresenceEvent {}

    /** The last connection of a person was closed, and the server noticed it at once. */
    record Left(String person, Duration at) implements PresenceEvent {}

    /** The last connection of a person was lost because its instance was killed, or the network failed. */
    record Vanished(String person, Duration at) implements PresenceEvent {}

    /** From now on the presence of a person is unknown, because its instance has a fault; it is not checked. */
    record Doubtful(String person, Duration at) implements PresenceEvent {}

    /** From now on the observer is connected, and is shown presence. */
    record Watching(String observer, Duration at) implements PresenceEvent {}

    /** From now on the observer is not connected. */
    record Blind(String observer, Duration at) implements PresenceEvent {}

    /** The observer was shown that a person is online, or is offline. */
    record Shown(String observer, String person, boolean present, Duration at) implements PresenceEvent {}
}
