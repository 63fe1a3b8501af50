package dev.tutti.testkit.proxy;

import java.time.Duration;

/** The present fault of the link of one proxy, for whose change its connections can wait. Safe for use by many threads. */
final class LinkState {
    private LinkFault now = LinkFault.CLEAR;

    synchronized LinkFault now() {
        return now;
    }

    synchronized void become(LinkFault linkFault) {
        now = linkFault;
        notifyAll();
    }

    /** Waits until it is not {@code linkFault} any more. */
    synchronized void awaitChange(LinkFault linkFault) throws InterruptedException {
        while (now.equals(linkFault)) {
            wait();
        }
    }

    /** Waits until then, or until it is not {@code linkFault} any more. */
    synchronized void awaitChange(LinkFault linkFault, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); left > 0 && now.equals(linkFault); left = end - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }
}
