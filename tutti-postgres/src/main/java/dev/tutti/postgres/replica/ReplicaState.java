package dev.tutti.postgres.replica;

import java.time.Duration;

/** The known state of a replica. */
sealed interface ReplicaState {
    /**
     * It follows the primary closely.
     *
     * @param timeline the primary's timeline, on which the replica is, too
     * @param lag how far it is behind, as of this instance's heartbeats, which come once a second
     */
    record Usable(int timeline, Duration lag) implements ReplicaState {}

    /** It may follow the primary, but what this instance wrote lately has not come there. */
    record Behind(Duration lag) implements ReplicaState {}

    /** It has to be looked at again before anything can be said. */
    record Unknown(String reason) implements ReplicaState {}

    /** It does not answer as it should. */
    record Away(String reason) implements ReplicaState {}

    /** It answers, but as something else than a replica of the primary. */
    record Foreign(String reason) implements ReplicaState {}
}
