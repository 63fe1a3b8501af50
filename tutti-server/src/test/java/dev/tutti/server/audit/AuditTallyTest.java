package dev.tutti.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Floods of equal acts. */
class AuditTallyTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static final int MOST = 1_000;

    private final AuditTally tally = new AuditTally("one", MOST, AuditRecord.FAILED);

    private static AuditEntry failure(String address, String outcome, @Nullable String tried) {
        return new AuditEntry(
                new AuditRecord("login", AuditedAct.STRANGER, address, null, Map.of(), "one", address, NOW, outcome, 1),
                tried,
                false);
    }

    private static AuditEntry link(String actor, String address, String file) {
        return new AuditEntry(
                new AuditRecord("file.link", "account", actor, file, Map.of(), "one", address, NOW, AuditRecord.OK, 1),
                null,
                true);
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
        for (int i = 0; i < 10 * MOST; i++) {
            written += tally.isFirst(failure("192.0.2.1", "unauthenticated", "name" + i)) ? 1 : 0;
        }

        assertThat(written).isEqualTo(AuditTally.MOST_OF_ACTOR);
        assertThat(tally.isFirst(failure("192.0.2.2", "unauthenticated", "ann")))
                .isTrue();
        assertThat(tally.ended(NOW)).singleElement().satisfies(each -> {
            assertThat(each.record().action()).isEqualTo(AuditTally.OTHERS);
            assertThat(each.record().times()).isEqualTo(10L * MOST - AuditTally.MOST_OF_ACTOR);
        });
    }

    @Test
    void manyAddressesTogetherHaveABound() {
        long written = 0;
        for (int i = 0; i < 3 * MOST; i++) {
            written += tally.isFirst(failure("192.0." + i / 200 + "." + i % 200, "unauthenticated", null)) ? 1 : 0;
        }

        assertThat(written).isEqualTo(MOST);
        assertThat(tally.ended(NOW)).hasSize(1);
    }

    @Test
    void aRecordSaysWhichThingOfWhomFromWhereAndCountsTheRestForItsActor() {
        AuditTally own = new AuditTally("one", MOST, AuditRecord.OK);
        assertThat(own.isFirst(link("ann", "192.0.2.1", "f0"))).isTrue();
        assertThat(own.isFirst(link("ann", "192.0.2.1", "f0"))).isFalse();
        assertThat(own.isFirst(link("ann", "192.0.2.2", "f0"))).isTrue();
        assertThat(own.isFirst(link("bob", "192.0.2.1", "f0"))).isTrue();
        for (int i = 2; i < AuditTally.MOST_OF_ACTOR; i++) {
            assertThat(own.isFirst(link("ann", "192.0.2.1", "f" + i))).isTrue();
        }
        for (int i = 0; i < 7; i++) {
            assertThat(own.isFirst(link("ann", "192.0.2.1", "more" + i))).isFalse();
        }
        assertThat(own.isFirst(link("bob", "192.0.2.1", "f1"))).isTrue();

        List<AuditRecord> ended =
                own.ended(NOW).stream().map(AuditEntry::record).toList();

        assertThat(ended)
                .allMatch(each -> each.actor().equals("ann") && each.outcome().equals(AuditRecord.OK));
        assertThat(ended.stream().map(each -> each.action() + " " + each.target() + " " + each.times()))
                .containsExactly("file.link f0 1", "others null 7");
    }
}
