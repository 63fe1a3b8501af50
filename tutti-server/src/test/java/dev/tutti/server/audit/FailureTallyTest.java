package dev.tutti.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a flood of failures becomes. */
class FailureTallyTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final FailureTally tally = new FailureTally("one");

    private static AuditEntry failure(String address, String outcome, @Nullable String tried) {
        return new AuditEntry(
                new AuditRecord("login", AuditedAct.STRANGER, address, null, Map.of(), "one", address, NOW, outcome, 1),
                tried);
    }

    @Test
    void theFirstIsWrittenAndTheOthersAreCounted() {
        assertThat(tally.isFirst(failure("192.0.2.1", "rate_limited", null))).isTrue();
        for (int i = 0; i < 9; i++) {
            assertThat(tally.isFirst(failure("192.0.2.1", "rate_limited", null)))
                    .isFalse();
        }
        assertThat(tally.isFirst(failure("192.0.2.1", "unauthenticated", "ann")))
                .isTrue();
        assertThat(tally.isFirst(failure("192.0.2.1", "unauthenticated", "bob")))
                .isTrue();

        List<AuditEntry> ended = tally.ended(NOW);

        assertThat(ended).singleElement().satisfies(each -> {
            assertThat(each.record().outcome()).isEqualTo("rate_limited");
            assertThat(each.record().times()).isEqualTo(9);
        });
        assertThat(tally.ended(NOW)).isEmpty();
        assertThat(tally.isFirst(failure("192.0.2.1", "rate_limited", null))).isTrue();
    }

    @Test
    void oneAddressHasItsShareAndLeavesOthersTheirs() {
        long written = 0;
        for (int i = 0; i < 10 * FailureTally.MOST; i++) {
            written += tally.isFirst(failure("192.0.2.1", "unauthenticated", "name" + i)) ? 1 : 0;
        }

        assertThat(written).isEqualTo(FailureTally.MOST_OF_ACTOR);
        assertThat(tally.isFirst(failure("192.0.2.2", "unauthenticated", "ann")))
                .isTrue();
        assertThat(tally.ended(NOW)).singleElement().satisfies(each -> {
            assertThat(each.record().action()).isEqualTo(FailureTally.OTHERS);
            assertThat(each.record().times()).isEqualTo(10L * FailureTally.MOST - FailureTally.MOST_OF_ACTOR);
        });
    }

    @Test
    void manyAddressesTogetherHaveABound() {
        long written = 0;
        for (int i = 0; i < 3 * FailureTally.MOST; i++) {
            written += tally.isFirst(failure("192.0." + i / 200 + "." + i % 200, "unauthenticated", null)) ? 1 : 0;
        }

        assertThat(written).isEqualTo(FailureTally.MOST);
        assertThat(tally.ended(NOW)).hasSize(1);
    }
}
