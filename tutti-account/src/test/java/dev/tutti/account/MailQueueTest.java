package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mails while the server that takes them does not answer. */
class MailQueueTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger dropped = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(Mailer.AT_ONCE);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch sent = new CountDownLatch(1);
    private final MailQueue queue = new MailQueue(
            new Mailer() {
                @Override
                public void send(Mail mail) {
                    throw new AssertionError("it is the task that sends");
                }

                @Override
                public void dropped() {
                    dropped.incrementAndGet();
                }
            },
            nanos::get);

    @AfterEach
    void close() {
        answer.countDown();
    }

    /** A mail of which the server takes nothing. */
    private void hang() {
        begun.countDown();
        try {
            answer.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill() throws InterruptedException {
        for (int i = 0; i < Mailer.AT_ONCE; i++) {
            queue.add(this::hang, PATIENCE);
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void oneThatHangsDoesNotKeepTheOthersWaiting() throws InterruptedException {
        queue.add(this::hang, PATIENCE);
        queue.add(sent::countDown, PATIENCE);

        assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatHasWaitedForTooLongIsNotSent() throws InterruptedException {
        AtomicInteger late = new AtomicInteger();
        fill();
        queue.add(late::incrementAndGet, PATIENCE);
        queue.add(sent::countDown, Duration.ofDays(1));
        nanos.addAndGet(PATIENCE.plusSeconds(1).toNanos());
        answer.countDown();

        assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> dropped.get() == 1);
        assertThat(late).hasValue(0);
    }

    @Test
    void whatFailsDoesNotEndTheOthers() throws InterruptedException {
        fill();
        for (int i = 0; i < Mailer.AT_ONCE; i++) {
            queue.add(
                    () -> {
                        throw new IllegalStateException("refused");
                    },
                    PATIENCE);
        }
        queue.add(sent::countDown, PATIENCE);
        answer.countDown();

        assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void soManyWaitAndNoMore() throws InterruptedException {
        fill();
        for (int i = 0; i < MailQueue.MOST_WAITING; i++) {
            queue.requireRoom();
            queue.add(this::hang, PATIENCE);
        }

        assertThatThrownBy(queue::requireRoom)
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED));

        queue.offer(this::hang, PATIENCE);
        assertThat(dropped).hasValue(1);
    }

    @Test
    void whatWaitsIsSentBeforeTheQueueIsClosed() throws InterruptedException {
        fill();
        queue.add(sent::countDown, PATIENCE);
        Thread closing = Thread.ofVirtual().start(() -> queue.close(Deadline.in(Duration.ofMinutes(1))));

        answer.countDown();

        assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
        assertThat(sent.getCount()).isZero();
        assertThat(dropped).hasValue(0);
    }

    @Test
    void whatCannotBeSentAnyMoreIsCounted() throws InterruptedException {
        fill();
        queue.add(sent::countDown, PATIENCE);
        queue.add(sent::countDown, PATIENCE);

        queue.close(Deadline.in(Duration.ZERO));
        assertThat(dropped).hasValue(2);

        queue.close(Deadline.in(Duration.ofMinutes(1))); // there is nothing to wait for any more
        queue.add(sent::countDown, PATIENCE);
        assertThat(dropped).hasValue(3);
        assertThat(sent.getCount()).isEqualTo(1);
    }
}
