package dev.tutti.member;

/** Hears who comes and goes, one call at a time, on the heartbeat's thread: it must be brief. */
public interface MembershipListener {
    /** Somebody is there. */
    default void joined(Member member) {}

    /** Somebody has left, or is taken for dead. */
    default void left(Member member) {}

    /** Somebody says something else of itself than before, or goes on behind another fence. */
    default void changed(Member member) {}

    /**
     * The others have taken this instance for dead, and told it nothing for a while. It joins anew now, which may take some
     * seconds; {@link #rejoined} comes when it has. Called again before each further try.
     */
    default void fenced() {}

    /** The others had taken this instance for dead; it has joined anew, as the same process with another incarnation. */
    default void rejoined(Member self) {}

    /** A heartbeat came through, and all that it brought was told. */
    default void heartbeat(Members members) {}
}
