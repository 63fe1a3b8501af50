package dev.tutti.member;

/** Receives changes of the membership, one call at a time, on the heartbeat's thread; must return quickly. */
public interface MembershipListener {
    /** A member has joined. */
    default void joined(Member member) {}

    /**
     * A member has left, or counts as dead. If it is {@linkplain Member#draining draining}, it was about to leave, or has left by itself.
     */
    default void left(Member member) {}

    /** A member describes itself differently than before, or has another incarnation. */
    default void changed(Member member) {}

    /**
     * This instance had counted as dead, and may have missed messages of the others. It now joins again, which may take some seconds; then
     * {@link #rejoined} is called. Called again before each further try.
     */
    default void fenced() {}

    /** This instance had counted as dead, and has joined again, as the same process with another incarnation. */
    default void rejoined(Member self) {}

    /** A heartbeat succeeded, and its changes have been passed to all listeners. */
    default void heartbeat(Members members) {}
}
