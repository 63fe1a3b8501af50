package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Jobs in a database of each test's own. */
abstract class AbstractJobsTest {
    static final Duration PATIENCE = JobInstances.PATIENCE;
    static final Json DATA = Json.of("{\"n\": 1}");

    JobInstances instances;

    @BeforeEach
    final void open() throws SQLException {
        instances = new JobInstances();
    }

    /** After what a test's own class does to end its handlers. */
    @AfterEach
    final void close() throws SQLException {
        instances.close();
    }

    /** Waits as careless code does, or a handler that is busy with something else. */
    static void awaitUnheard(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException unheard) {
                // it goes on
            }
        }
    }

    static void isOutdated(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST));
    }
}
