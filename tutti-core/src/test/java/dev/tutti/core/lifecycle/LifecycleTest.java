package dev.tutti.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final List<String> closed = new CopyOnWriteArrayList<>();

    private void start(Lifecycle lifecycle, String... names) {
        for (String name : names) {
            lifecycle.started(name, () -> closed.add(name));
        }
    }

    @Test
    void partsCloseInTheReverseOrderOfTheirStartAndOnce() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(30));
        start(lifecycle, "database", "streams", "edge");
        lifecycle.close();
        lifecycle.close();
        assertThat(closed).containsExactly("edge", "streams", "database");
    }

    @Test
    void aPartThatFailsDoesNotKeepTheOthersOpenAndIsTold() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(30));
        start(lifecycle, "database");
        lifecycle.started("edge", () -> {
            throw new IOException("port lost");
        });
        assertThatThrownBy(lifecycle::close)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(part ->
                                assertThat(part).hasMessageContaining("edge").hasRootCauseMessage("port lost")));
        assertThat(closed).containsExactly("database");
    }

    @Test
    void aPartThatHangsIsLeftBehindWhenTheBudgetIsSpent() {
        CountDownLatch never = new CountDownLatch(1);
        Lifecycle lifecycle = new Lifecycle(Duration.ofMillis(50));
        start(lifecycle, "database");
        lifecycle.started("edge", never::await);
        assertThatThrownBy(lifecycle::close)
                .satisfies(
                        failure -> assertThat(failure.getSuppressed()[0]).hasMessageContaining("edge did not close"));
        never.countDown();
    }

    @Test
    void whoeverIsInterruptedClosesAllTheSame() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(30));
        start(lifecycle, "database", "edge");
        Thread.currentThread().interrupt();
        lifecycle.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("edge", "database");
    }

    @Tag("slow")
    @Test
    void aPartThatHangsLeavesTimeForTheOthers() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch soon = new CountDownLatch(1);
        Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(10));
        List<Duration> left = new CopyOnWriteArrayList<>();
        lifecycle.started("database", soon, (part, deadline) -> {
            left.add(deadline.left());
            closed.add("database");
        });
        lifecycle.started("streams", never::await);
        lifecycle.started("edge", never::await);
        assertThatThrownBy(lifecycle::close)
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
        assertThat(closed).containsExactly("database");
        assertThat(left).singleElement().satisfies(time -> assertThat(time).isPositive());
        never.countDown();
    }

    @Test
    void oneDeadlineIsHandedDownThroughLifecyclesThatContainOneAnother() {
        CountDownLatch never = new CountDownLatch(1);
        Lifecycle inner = new Lifecycle(Duration.ofMinutes(5));
        inner.started("streams", never::await);
        start(inner, "bus");
        Lifecycle outer = new Lifecycle(Duration.ofSeconds(4));
        start(outer, "database");
        outer.started("instance", inner, Lifecycle::close);
        assertThatThrownBy(outer::close).isNotNull();
        assertThat(closed).containsExactly("bus", "database");
        never.countDown();
    }

    @Test
    void anErrorIsAFailureToClose() {
        Lifecycle lifecycle = new Lifecycle(Duration.ofMinutes(5));
        start(lifecycle, "database");
        lifecycle.started("edge", () -> {
            throw new NoClassDefFoundError("edge");
        });
        assertThatThrownBy(lifecycle::close).isNotNull();
        assertThat(closed).containsExactly("database");
    }
}
