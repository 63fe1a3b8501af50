package dev.tutti.faults.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A follower of the bench: one that has fallen silent by itself would be taken for one that was not told. */
class FollowedFeedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String THERE = "the one at http://localhost:1 has version 0 and ";

    @Test
    void aFailureThatNoOutageExplainsIsReportedAndTheFollowerComesBackAsAfterAnOutage() {
        AtomicInteger tries = new AtomicInteger();
        List<RuntimeException> failures = new CopyOnWriteArrayList<>();
        RuntimeException defect = new IllegalStateException("pretended");
        FollowedFeed follower = new FollowedFeed(
                URI.create("http://localhost:1"),
                () -> {
                    if (tries.getAndIncrement() == 1) {
                        throw defect;
                    }
                    throw new IOException("away");
                },
                "feed:test",
                (_, _) -> {},
                failures::add);
        assertThat(follower).hasToString(THERE + "does not go on");

        follower.start();
        try {
            await().atMost(PATIENCE).until(() -> tries.get() >= 4);
            assertThat(failures).containsExactly(defect);
            assertThat(follower).hasToString(THERE + "goes on");
        } finally {
            follower.stop();
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(follower).hasToString(THERE + "does not go on"));
    }
}
