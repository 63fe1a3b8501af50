package dev.tutti.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
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
}
