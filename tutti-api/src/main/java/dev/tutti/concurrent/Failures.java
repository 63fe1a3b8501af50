package dev.tutti.concurrent;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and logs the failures of tasks that no caller could catch, {@code Error}s included: of handlers, listeners and background tasks.
 * Each failure is counted. It is also logged, at most once a minute for each kind of task. Safe for use by many threads. No method throws.
 */
public final class Failures {
    private static final System.Logger log = System.getLogger(Failures.class.getName());
    private static final int MOST_KINDS = 1_000;
    private static final LongAdder count = new LongAdder();
    private static final Map<String, OncePerMinute> lines = new ConcurrentHashMap<>(); // by kind of task

    private Failures() {}

    /** The number of failures since this process started. */
    public static long count() {
        return count.sum();
    }

    /**
     * Runs {@code task}, which calls somebody else's code, on this thread. Anything that it throws is noted and not thrown on.
     *
     * @param what the kind of the task: the subject of the logged line, and the key by which lines are limited
     * @return whether the task returned normally
     */
    public static boolean guard(String what, Runnable task) {
        try {
            task.run();
            return true;
        } catch (Throwable failure) { // no caller can handle it better
            note(what, failure);
            return false;
        }
    }

    /**
     * Counts {@code failure}, and logs it with its stack trace if no failure of this kind was logged within the last minute.
     *
     * @param what the kind of the task, as in {@link #guard}
     */
    public static void note(String what, Throwable failure) {
        count.increment();
        try {
            if (isDue(what)) {
                log.log(
                        Level.ERROR,
                        what + " failed; it goes on with what comes next. More of this is counted, and logged once a"
                                + " minute",
                        failure);
            }
        } catch (Throwable noMemory) {
            count.increment(); // a failure to log must not end the caller's loop
        }
    }

    private static boolean isDue(String what) {
        if (lines.size() > MOST_KINDS) { // a bound; then some kinds may be logged again within a minute
            lines.clear();
        }
        return lines.computeIfAbsent(what, _ -> new OncePerMinute()).now();
    }
}
