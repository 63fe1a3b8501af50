package dev.tutti.testkit.presence;

import java.time.Duration;

/** Something that has to do with presence, at a time since the beginning of the run. */
public sealed interface PresenceEvent {
    /** When. */
    Duration at();

    /** A person, who had no connection, has one. */
    record Came(String person, Duration at) implements PresenceEvent {}

    /** A person's last connection ended, and the server saw that at once. */
    record Left(String person, Duration at) implements PresenceEvent {}

    /** A person's last connection is gone because its instance was killed, or the line is dead. */
    record Vanished(String person, Duration at) implements PresenceEvent {}

    /** From now on nobody can say whether a person is there, as its instance is in trouble; nothing is judged of it. */
    record Doubtful(String person, Duration at) implements PresenceEvent {}

    /** From now on the observer is connected, and is shown who is there. */
    record Watching(String observer, Duration at) implements PresenceEvent {}

    /** From now on the observer is shown nothing. */
    record Blind(String observer, Duration at) implements PresenceEvent {}

    /** The observer was shown that a person is present, or is not. */
    record Shown(String observer, String person, boolean present, Duration at) implements PresenceEvent {}
}
