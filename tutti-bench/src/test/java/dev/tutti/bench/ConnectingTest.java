package dev.tutti.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectingTest {
    static Stream<Contender> contenders() {
        return Stream.concat(Stream.of(Contenders.SILENT.raw("raw")), Contenders.SILENT.connecting().stream());
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void connectionsAreOpenedCountedAndWeighed(Contender contender) {
        try (Connecting connecting = new Connecting(contender, 100)) {
            Connecting.Round round = connecting.run(50, 8);
            assertThat(round.handshakes().getTotalCount()).isEqualTo(50);
            assertThat(round.perSecond()).isPositive();
            assertThat(connecting.weigh(20, 100, 8)).isNotNull();
        }
    }
}
