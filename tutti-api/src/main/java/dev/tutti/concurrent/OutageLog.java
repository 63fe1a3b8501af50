package dev.tutti.concurrent;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.lang.System.Logger.Level;

/**
 * Logs the outages of a dependency, such as the database, that a repeated task needs. The first failure of an outage is logged as a
 * warning, with the message of its innermost cause; the first success after it is logged as information. Failures in between are not
 * logged. For use by one thread at a time; {@link #isAway} is safe from any thread.
 */
public final class OutageLog {
    private static final System.Logger log = System.getLogger(OutageLog.class.getName());

    private static final int MAX_CAUSES = 20; // a chain of causes may be a cycle

    private final String away;
    private final String back;
    private volatile boolean isAway;

    /**
     * A log for a dependency that is available at first.
     *
     * @param away the line for the operator when an outage begins; a colon and the reason follow it
     * @param back the line when the outage is over
     */
    public OutageLog(String away, String back) {
        this.away = away;
        this.back = back;
    }

    /**
     * Whether {@code failure} means that a dependency is unavailable, so that the same call may succeed later: its code is {@link
     * ErrorCode#UNAVAILABLE} or {@link ErrorCode#TIMEOUT}.
     */
    public static boolean isOutage(TuttiException failure) {
        return failure.code() == ErrorCode.UNAVAILABLE || failure.code() == ErrorCode.TIMEOUT;
    }

    /**
     * Runs {@code task} on this thread, and records whether the dependency was available.
     *
     * @return true if the task returned; false if it threw an {@linkplain #isOutage outage}. Anything else that it throws is thrown on, and
     *     changes nothing here
     */
    public boolean passes(Runnable task) {
        try {
            task.run();
        } catch (TuttiException failure) {
            if (!isOutage(failure)) {
                throw failure;
            }
            failed(failure);
            return false;
        }
        succeeded();
        return true;
    }

    /** Records that the task failed because of the dependency; logs {@code failure} if it is the first of an outage. */
    public void failed(Throwable failure) {
        if (!isAway) {
            isAway = true;
            log.log(Level.WARNING, away + ": " + innermost(failure));
        }
    }

    /** Records that the task succeeded; logs this if an outage has ended. */
    public void succeeded() {
        if (isAway) {
            isAway = false;
            log.log(Level.INFO, back);
        }
    }

    /** Whether the dependency was unavailable at the last attempt. */
    public boolean isAway() {
        return isAway;
    }

    /** The first line of the innermost cause's message: the database's or network's own message, without ours around it. */
    private static String innermost(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < MAX_CAUSES && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
