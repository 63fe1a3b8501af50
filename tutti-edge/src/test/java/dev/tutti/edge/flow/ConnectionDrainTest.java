package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionDrainTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    @Test
    void theOthersSetThePace() {
        assertThat(ConnectionDrain.spread(2_000, 2, 200, BOUND)).isEqualTo(Duration.ofSeconds(5));
        assertThat(ConnectionDrain.spread(2_000, 4, 200, BOUND)).isEqualTo(Duration.ofMillis(2_500));
        assertThat(ConnectionDrain.spread(100_000, 2, 200, BOUND)).isEqualTo(BOUND);
        assertThat(ConnectionDrain.spread(2_000, 0, 200, BOUND)).isZero();
        assertThat(ConnectionDrain.spread(0, 3, 200, BOUND)).isZero();
    }

    @Test
    void eachIsSentAwayOnceAndEvenlyOverTheTime() {
        List<Long> at = Collections.synchronizedList(new ArrayList<>());
        List<Integer> who = Collections.synchronizedList(new ArrayList<>());
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            tasks.add(() -> {
                at.add(System.nanoTime());
                who.add(number);
            });
        }
        long begin = System.nanoTime();
        ConnectionDrain.run(tasks, Duration.ofMillis(500));

        assertThat(who).hasSize(200).doesNotHaveDuplicates();
        assertThat(at.getLast() - begin).isGreaterThan(Duration.ofMillis(400).toNanos());
    }

    @Test
    void anInterruptMakesItHurry() {
        List<Integer> who = new ArrayList<>();
        Thread.currentThread().interrupt();
        ConnectionDrain.run(List.of(() -> who.add(1), () -> who.add(2), () -> who.add(3)), Duration.ofDays(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(who).containsExactlyInAnyOrder(1, 2, 3);
    }
}
