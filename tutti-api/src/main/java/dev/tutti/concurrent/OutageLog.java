package dev.tutti.concurrent;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.lang.System.Logger.Level;

/**
 * The log of a task that is tried again and again and needs something that may be away, such as the database: one line when that begins,
 * with the innermost message, and one when it is back. For a task of one thread at a time; {@link #isAway} is safe from any thread.
 */
public final class OutageLog {
    private static final System.Logger log = System.getLogger(OutageLog.class.getName());

    private static final int DEEPEST = 20; // of causes, which may go in a circle

    private final String away;
    private final String back;
    private volatile boolean isAway;

    /**
     * One of a task that goes through.
     *
     * @param away the line for the operator when it begins; the reason follows it
     * @param back the line when it is over
     */
    public OutageLog(String away, String back) {
        this.away = away;
        this.back = back;
    }

    /**
     * Whether {@code failure} says that something is away, so that the same may go through later: {@link ErrorCode#UNAVAILABLE} and
     * {@link ErrorCode#TIMEOUT}.
     */
    public static boolean isOutage(TuttiException failure) {
        return failure.code() == ErrorCode.UNAVAILABLE || failure.code() == ErrorCode.TIMEOUT;
    }

    /** Runs {@code task}; false if what it needs is away, see {@link #isOutage}. Whatever else it throws is thrown. */
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

    /** The task did not go through. */
    public void failed(Throwable failure) {
        if (!isAway) {
            isAway = true;
            log.log(Level.WARNING, away + ": " + innermost(failure));
        }
    }

    /** The task went through. */
    public void succeeded() {
        if (isAway) {
            isAway = false;
            log.log(Level.INFO, back);
        }
    }

    /** Whether the last try did not go through. */
    public boolean isAway() {
        return isAway;
    }

    /** The first line of the database's or network's own words, which are further down than ours. */
    private static String innermost(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < DEEPEST && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
