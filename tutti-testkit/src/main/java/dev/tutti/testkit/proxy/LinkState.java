package dev.tutti.testkit.proxy;

import java.time.Duration;

/** The present fault of a proxy, whose connections can wait for a change of it. Safe for use by many threads. */
final class LinkState {
    private LinkFault now = LinkFault.CLEAR;

    synchronized LinkFault now() {
        return now;
    }

    synchronized void become(LinkFault linkFault) {
        now = linkFault;
        notifyAll();
    }

    /** Blocks until the fault is another one than {@code linkFault}. */
    synchronized void awaitChange(LinkFault linkFault) throws InterruptedException {
        while (now.equals(linkFault)) {
            wait();
        }
    }

    /** Blocks until the fault is another one than {@code linkFault}, for at most {@code atMost}. */
    synchronized void awaitChange(LinkFault linkFault, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); left > 0 && now.equals(linkFault); left = end - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }
}
