package dev.tutti.member;

import dev.tutti.ListenerRegistration;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;

/** The members of the cluster, as this instance sees them. Safe for use by many threads; never blocks. */
public interface Members {
    /** This instance. */
    Member self();

    /** All other members that were alive at the last heartbeat, including draining ones, in {@link Member#ORDER}. */
    List<Member> others();

    /**
     * Whether it is certain that this instance does not count as dead. When this is false, stop all work that only one instance may do.
     */
    boolean current();

    /**
     * The clock that all members share: this process's clock, corrected by the store's clock at the last heartbeats. Use it for every time
     * that one instance issues and another one checks.
     */
    Clock clock();

    /** Changes the description of this instance; its next heartbeat contains the change. */
    void updateSelf(UnaryOperator<Member> change);

    /** Adds a listener to changes from now on, until the returned registration is closed. */
    ListenerRegistration listen(MembershipListener listener);
}
