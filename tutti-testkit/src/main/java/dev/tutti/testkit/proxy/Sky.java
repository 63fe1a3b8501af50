package dev.tutti.testkit.proxy;

import java.time.Duration;

/** The weather of one proxy, for which its connections can wait. Safe for use by many threads. */
final class Sky {
    private Weather now = Weather.CLEAR;

    synchronized Weather now() {
        return now;
    }

    synchronized void become(Weather weather) {
        now = weather;
        notifyAll();
    }

    /** Waits until the weather is not {@code weather} any more. */
    synchronized void awaitChange(Weather weather) throws InterruptedException {
        while (now.equals(weather)) {
            wait();
        }
    }

    /** Waits until then, or until the weather is not {@code weather} any more. */
    synchronized void awaitChange(Weather weather, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); left > 0 && now.equals(weather); left = end - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }
}
