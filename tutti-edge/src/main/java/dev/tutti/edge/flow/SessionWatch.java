package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.socket.Principal;
import dev.tutti.socket.SessionCheck;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the connections of logins that have ended, whether or not anybody told of the end. A login is looked at when a
 * connection of it was noted, all of them every few seconds and when {@link #lookAgain} says so: one question for many.
 * Works on a platform thread of its own, which busy handlers cannot hold up. Safe for use by many threads.
 */
public final class SessionWatch implements AutoCloseable {
    private static final Duration TOGETHER = Duration.ofMillis(50); // those that connect meanwhile are one question
    private static final Logger log = LoggerFactory.getLogger(SessionWatch.class);
    private static final int BATCH = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SessionCheck check;
    private final Duration interval;
    private final Duration retry;
    private final LongSupplier ticker;
    private final OutageLog outage;
    private final LiveSessions sessions;
    private final Semaphore wake = new Semaphore(0);
    private final Loop loop = new Loop(Loop.platform("tutti-sessions"), PATIENCE, this::step);
    private Set<String> fresh = new HashSet<>(); // noted, and not looked at since; guarded by this, like what follows
    private boolean all;
    private long lastLook; // confined to the loop

    /**
     * Watches by {@code check}, all of the sessions at least every {@code interval}; {@code ended} is told when the last
     * connection of one has ended, and must not block. A look that failed is repeated after a fifth of {@code interval}.
     * {@code ticker} counts nanoseconds.
     */
    public SessionWatch(SessionCheck check, Duration interval, LongSupplier ticker, Consumer<Principal> ended) {
        this(check, interval, interval.dividedBy(5), ticker, ended);
    }

    /** As above; a look that failed is repeated after {@code retry}. */
    SessionWatch(
            SessionCheck check, Duration interval, Duration retry, LongSupplier ticker, Consumer<Principal> ended) {
        this.sessions = new LiveSessions(this::noted, ended);
        this.check = check;
        this.interval = interval;
        this.retry = retry;
        this.outage = new OutageLog(
                "Which logins have ended cannot be found out; tried again every " + retry.toMillis() + " ms",
                "Which logins have ended is found out again");
        this.ticker = ticker;
        this.lastLook = ticker.getAsLong();
    }

    /** Begins. */
    public void start() {
        loop.start();
    }

    /** The sessions that are watched. */
    public LiveSessions sessions() {
        return sessions;
    }

    /** Looks at all of them now: it may have been missed that some have ended. Does not block. */
    public void lookAgain() {
        synchronized (this) {
            all = true;
        }
        wake.release();
    }

    private void noted(String session) {
        boolean first;
        synchronized (this) {
            first = fresh.isEmpty();
            fresh.add(session);
        }
        if (first) {
            wake.release();
        }
    }

    private Duration step() throws InterruptedException {
        if (wake.tryAcquire(pause().toNanos(), TimeUnit.NANOSECONDS)) {
            wake.drainPermits();
        }
        look();
        return outage.isAway() ? retry : TOGETHER; // connections that come meanwhile do not hurry it
    }

    private void look() {
        List<String> wanted = wanted();
        try {
            for (int start = 0; start < wanted.size(); start += BATCH) {
                List<String> batch = wanted.subList(start, Math.min(start + BATCH, wanted.size()));
                check.ended(batch).forEach(session -> sessions.cut(session, ErrorCode.SESSION_REVOKED));
            }
            outage.succeeded();
        } catch (Throwable failure) { // whatever it is, the next look comes
            lookAgain(); // after the pause, however long it would be until the next look otherwise
            if (!outage.isAway() && !isOutage(failure)) {
                log.warn("A defect keeps ended logins from being found out", failure); // with its place
            }
            outage.failed(failure);
        }
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof TuttiException known && OutageLog.isOutage(known);
    }

    private List<String> wanted() {
        boolean everything;
        List<String> some;
        synchronized (this) {
            everything = all;
            all = false;
            some = List.copyOf(fresh);
            fresh = new HashSet<>();
        }
        if (everything || pause().isZero()) {
            lastLook = ticker.getAsLong();
            return sessions.ids();
        }
        return some;
    }

    private Duration pause() {
        Duration left = interval.minusNanos(ticker.getAsLong() - lastLook);
        return left.isPositive() ? left : Duration.ZERO;
    }

    /** Looks no more. Waits for a second at most for a look that is going on. Idempotent. */
    @Override
    public void close() {
        loop.close(Duration.ZERO);
        boolean _ = loop.ended(PATIENCE);
    }
}
