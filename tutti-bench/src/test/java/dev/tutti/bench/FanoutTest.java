package dev.tutti.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.bench.load.Subscribers;
import dev.tutti.bench.measure.BenchException;
import java.time.Duration;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FanoutTest {
    static Stream<Contender> contenders() {
        Contenders contenders = new Contenders(100, 2);
        return Stream.concat(
                Stream.of(contenders.raw("raw"), contenders.raw("raw, combined", "--combined")),
                contenders.subscribing().stream());
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void everySubscriberGetsEveryMessageOnce(Contender contender) {
        try (Fanout fanout = new Fanout(contender, 60)) {
            for (int i = 0; i < 2; i++) {
                Fanout.Round round = fanout.run(Duration.ofMillis(100));
                assertThat(round.sent()).isPositive();
                assertThat(round.deliveries()).isEqualTo(60 * round.sent());
                assertThat(round.bytes()).isGreaterThanOrEqualTo(102);
                assertThat(round.latencies().getTotalCount()).isEqualTo(2 * round.sent());
                assertThat(round.perSecond()).isPositive();
            }
        }
    }

    @Test
    void aMessageLostOrRepeatedFailsTheRun() {
        Histogram none = new Histogram(3);
        Fanout.requireAll("all", 10, new Subscribers.Tally(20, 10, 10, 102, none));
        assertThatThrownBy(() -> Fanout.requireAll("lost", 10, new Subscribers.Tally(19, 9, 10, 102, none)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("between 9 and 10");
        assertThatThrownBy(() -> Fanout.requireAll("repeated", 10, new Subscribers.Tally(21, 10, 11, 102, none)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("between 10 and 11");
    }
}
