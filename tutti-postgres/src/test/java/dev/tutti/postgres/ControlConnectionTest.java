package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order the control connection does what is asked of it. */
class ControlConnectionTest {
    private static final int MANY = 10;

    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private TestDatabase database;
    private ControlConnection control;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.migrated();
        control = new ControlConnection(database.settings());
    }

    @AfterEach
    void close() throws SQLException {
        control.close();
        database.close();
    }

    /** Asks the control connection for something, on a thread of its own. */
    private Thread asking(String name, boolean first, Runnable task) {
        ControlConnection.Task<Boolean> work = _ -> {
            task.run();
            return done.add(name);
        };
        return Thread.ofPlatform().start(() -> {
            try {
                boolean added = first ? control.runFirst(work) : control.run(work);
                assertThat(added).isTrue();
            } catch (SQLException late) {
                done.add(name + " failed: " + late.getMessage());
            }
        });
    }

    private static void awaitWaiting(List<Thread> threads) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    }

    @Test
    void heartbeatsGoBeforeWhatOthersWaitFor() throws Exception {
        String opened = control.run(_ -> "open");
        assertThat(opened).isEqualTo("open");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        threads.add(asking("gate", false, () -> {
            begun.countDown();
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        begun.await();
        for (int i = 0; i < MANY; i++) {
            threads.add(asking("ordinary", false, () -> {}));
        }
        awaitWaiting(threads);
        threads.add(asking("heartbeat", true, () -> {}));
        awaitWaiting(threads);

        gate.countDown();

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done).hasSize(MANY + 2).startsWith("gate", "heartbeat", "ordinary");
    }

    @Test
    void notificationsAreHeardWhileThereIsMuchToDo() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        control.listen("much", _ -> heard.incrementAndGet());
        String opened = control.run(_ -> "open");
        assertThat(opened).isEqualTo("open");
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            busy.add(Thread.ofVirtual().start(() -> {
                while (over.getCount() > 0) {
                    try {
                        control.run(connection -> connection.isValid(1));
                    } catch (SQLException late) {
                        done.add(late.getMessage());
                    }
                }
            }));
        }

        await().until(() -> {
            database.execute("notify much");
            return heard.get() > 0;
        });

        over.countDown();
        for (Thread thread : busy) {
            thread.join();
        }
        assertThat(done).isEmpty();
    }
}
