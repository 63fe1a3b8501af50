package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.OncePerMinute;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails that are to be sent: begun in the order in which they were asked for, {@value Mailer#AT_ONCE} at a time, each on a virtual
 * thread. One whose turn does not come within its time is dropped, which the {@link Mailer} counts and the log says once a minute.
 * Those that wait when the instance leaves are sent by a deadline, or dropped. Safe for use by many threads; only {@link #close}
 * blocks.
 */
final class MailQueue {
    /** How many may wait. */
    static final int MOST_WAITING = 1_000;

    private static final Logger log = LoggerFactory.getLogger(MailQueue.class);

    private final Mailer mailer;
    private final LongSupplier ticker;
    private final OncePerMinute line;
    private final Queue<Waiting> waiting = new ArrayDeque<>(); // guarded by this, like what follows
    private int going;
    private boolean closed;

    /** Mails by {@code mailer}; {@code ticker} tells in nanoseconds for how long they have waited. */
    MailQueue(Mailer mailer, LongSupplier ticker) {
        this.mailer = mailer;
        this.ticker = ticker;
        this.line = new OncePerMinute(ticker);
    }

    /**
     * A mail.
     *
     * @param task sends it
     * @param until when it has waited for too long, in nanoseconds of the ticker
     */
    private record Waiting(Runnable task, long until) {}

    /** Throws {@link ErrorCode#OVERLOADED} if as many wait as may: asked before what leads to a mail is done. */
    synchronized void requireRoom() {
        if (waiting.size() >= MOST_WAITING) {
            throw new TuttiException(ErrorCode.OVERLOADED, MOST_WAITING + " mails are waiting to be sent");
        }
    }

    /** The same as {@link #add} if there is room; else the mail is dropped, for what is not to be refused because of it. */
    synchronized void offer(Runnable task, Duration patience) {
        if (waiting.size() >= MOST_WAITING) {
            Failures.guard("dropping a mail", this::drop);
        } else {
            add(task, patience);
        }
    }

    /** Runs {@code task}, which sends a mail and may block, when it is its turn, if that comes within {@code patience}. */
    synchronized void add(Runnable task, Duration patience) {
        if (closed) {
            Failures.guard("dropping a mail", this::drop);
            return;
        }
        Waiting mail = new Waiting(task, ticker.getAsLong() + patience.toNanos());
        if (going == Mailer.AT_ONCE) {
            waiting.add(mail);
            return;
        }
        Thread.ofVirtual().name("tutti-mail").start(() -> run(mail));
        going++; // not before: without a thread, the next one tries again
    }

    /**
     * Lets what waits be sent until {@code deadline}. The rest is dropped, which the {@link Mailer} counts and one line of the log says
     * with its number, as is what comes later. Mails that are being sent then go on for as long as the mailer lets them. Blocks;
     * idempotent.
     */
    void close(Deadline deadline) {
        int unsent;
        int begun;
        synchronized (this) {
            if (closed) {
                return;
            }
            awaitNone(deadline);
            closed = true;
            unsent = waiting.size();
            begun = going;
            waiting.clear();
        }
        for (int i = 0; i < unsent; i++) {
            Failures.guard("dropping a mail", mailer::dropped);
        }
        if (unsent + begun > 0) {
            log.warn(
                    "{} mails that waited are not sent, as this instance leaves, and {} are being sent still; look at"
                            + " SMTP_URL and that server",
                    unsent,
                    begun);
        }
    }

    /** As long as some wait, as many as may are being sent. */
    private synchronized void awaitNone(Deadline deadline) {
        try {
            for (Duration left = deadline.left(); going > 0 && left.isPositive(); left = deadline.left()) {
                TimeUnit.NANOSECONDS.timedWait(this, left.toNanos());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Waiting first) {
        for (@Nullable Waiting mail = first; mail != null; mail = next()) {
            if (mail.until() - ticker.getAsLong() < 0) {
                Failures.guard("dropping a mail", this::drop);
            } else {
                Failures.guard("tutti-mail", mail.task());
            }
            boolean _ = Thread.interrupted(); // one that this mail has left behind is not the next one's
        }
    }

    private synchronized @Nullable Waiting next() {
        Waiting mail = waiting.poll();
        if (mail == null) {
            going--;
            notifyAll();
        }
        return mail;
    }

    private void drop() {
        mailer.dropped();
        if (line.now()) {
            log.warn("Mails have waited for too long, or found no room, and are not sent; look at SMTP_URL and that"
                    + " server. More of this is counted, and logged once a minute");
        }
    }
}
