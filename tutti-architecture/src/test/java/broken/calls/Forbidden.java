package broken.calls;

import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/** Breaks one rule with each method. */
public final class Forbidden {
    private Forbidden() {}

    static Object threadLocal() {
        return new ThreadLocal<String>();
    }

    static void sleep() throws InterruptedException {
        Thread.sleep(1);
    }

    static void sleepFor() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(1));
    }

    static void sleepByUnit() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1);
    }

    static void out() {
        System.out.println();
    }

    static void err() {
        System.err.println();
    }

    static void trace(Exception e) {
        e.printStackTrace();
    }

    static void exit() {
        System.exit(1);
    }

    @SuppressWarnings("JavaUtilDate") // what the rule is for
    static Object date() {
        return new Date();
    }
}
