package dev.tutti.core.lease;

import dev.tutti.ErrorCode;
import dev.tutti.OpenTransaction;
import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.lease.Lease;
import dev.tutti.lease.LeaseGrant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A lease of this process, until it is lost or closed. Safe for use by many threads; its lock guards how it stands. */
final class HeldLease implements Lease {
    private enum State {
        HELD,
        LOST,
        CLOSED
    }

    private final ClusterLeases leases;
    private final LeaseGrant grant;
    private final List<Runnable> atLoss = new ArrayList<>(1);
    private State state = State.HELD;
    private volatile long until; // of the ticker; the lease is not ours from then on, whatever the state says

    HeldLease(ClusterLeases leases, LeaseGrant grant, long until) {
        this.leases = leases;
        this.grant = grant;
        this.until = until;
    }

    LeaseGrant grant() {
        return grant;
    }

    @Override
    public String name() {
        return grant.name();
    }

    @Override
    public long token() {
        return grant.token();
    }

    @Override
    public Duration left() {
        return Duration.ofNanos(Math.max(0, leftNanos()));
    }

    /** Nanoseconds, less than nothing if it is over. */
    long leftNanos() {
        return until - leases.now();
    }

    @Override
    public boolean isHeld() {
        return leftNanos() > 0;
    }

    @Override
    public void check() {
        if (!isHeld()) {
            throw lost();
        }
    }

    private TuttiException lost() {
        return new TuttiException(
                ErrorCode.LEASE_LOST,
                "the lease '" + name() + "' with token " + token() + " is not this process's any more");
    }

    @Override
    public <T> T fenced(Connection transaction, TransactionWork<T> work) throws SQLException {
        OpenTransaction.require(transaction);
        if (!leases.fence(transaction, grant)) {
            throw lost();
        }
        return work.on(transaction);
    }

    /** It was renewed. False if it was too late for that: then it stays lost. */
    synchronized boolean prolong(long later) {
        if (state != State.HELD || !isHeld()) {
            return false;
        }
        until = later;
        return true;
    }

    /** It is not this process's any more. False if that was known. */
    boolean lose() {
        List<Runnable> tasks;
        synchronized (this) {
            if (state != State.HELD) {
                return false;
            }
            state = State.LOST;
            until = leases.now();
            tasks = List.copyOf(atLoss);
            atLoss.clear();
        }
        tasks.forEach(HeldLease::run);
        return true;
    }

    @Override
    public void onLost(Runnable task) {
        synchronized (this) {
            if (state == State.HELD) {
                atLoss.add(task);
                return;
            }
            if (state == State.CLOSED) {
                return;
            }
        }
        run(task);
    }

    private static void run(Runnable task) {
        Failures.guard("What is done when a lease is lost", task);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (state != State.HELD) {
                return;
            }
            state = State.CLOSED;
            until = leases.now();
            atLoss.clear();
        }
        leases.release(List.of(this));
    }
}
