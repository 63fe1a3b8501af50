package dev.tutti.concurrent;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The failures of tasks that no caller was there to catch, {@code Error}s included. All are counted; of each kind of task
 * one a minute is logged. Safe for use by many threads; nothing here throws.
 */
public final class Failures {
    private static final System.Logger log = System.getLogger(Failures.class.getName());
    private static final int MOST_KINDS = 1_000;
    private static final LongAdder count = new LongAdder();
    private static final Map<String, OncePerMinute> lines = new ConcurrentHashMap<>(); // by kind of task

    private Failures() {}

    /** How many there were since this process started. */
    public static long count() {
        return count.sum();
    }

    /** Runs {@code task}, a call of somebody else's code; false if it threw anything, which is noted. */
    public static boolean guard(String what, Runnable task) {
        try {
            task.run();
            return true;
        } catch (Throwable failure) { // nobody above can do better
            note(what, failure);
            return false;
        }
    }

    /** Counts {@code failure}, and logs it if nothing was logged of {@code what} for a minute. */
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
            count.increment(); // a log that fails, too, must not end what is to go on
        }
    }

    private static boolean isDue(String what) {
        if (lines.size() > MOST_KINDS) {
            lines.clear();
        }
        return lines.computeIfAbsent(what, _ -> new OncePerMinute()).now();
    }
}
