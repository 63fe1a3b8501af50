package dev.tutti.member;

import dev.tutti.ListenerRegistration;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;

/** This instance among its equals. Safe for use by many threads; never blocks. */
public interface Members {
    /** This instance. */
    Member self();

    /** All others that are alive, draining ones as well, in {@link Member#ORDER}, as of the last heartbeat. */
    List<Member> others();

    /** Whether nobody can have taken this instance for dead: what only one instance may do ends when this is false. */
    boolean current();

    /**
     * The clock that all members share: this process's own, corrected by what the store's said at the last heartbeats. All
     * that one instance issues and another judges by time goes by it.
     */
    Clock clock();

    /** Changes what this instance says of itself with the next heartbeat. */
    void updateSelf(UnaryOperator<Member> change);

    /** Adds somebody who hears what happens from now on, until that is closed. */
    ListenerRegistration listen(MembershipListener listener);
}
