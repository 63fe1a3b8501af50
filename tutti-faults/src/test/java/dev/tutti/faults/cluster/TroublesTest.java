package dev.tutti.faults.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TroublesTest {
    private static final Set<Trouble> ALL = EnumSet.allOf(Trouble.class);

    private final Troubles troubles = new Troubles(2);

    private boolean none(int instance) {
        return troubles.none(instance, Duration.ZERO, ALL);
    }

    @Test
    void troubleIsThereFromItsBeginningToItsEnd() {
        assertThat(none(0)).isTrue();
        troubles.begin(0, Trouble.FROZEN);
        assertThat(none(0)).isFalse();
        assertThat(none(1)).isTrue();
        assertThat(troubles.none(0, Duration.ZERO, EnumSet.of(Trouble.DATABASE_LINK)))
                .isTrue();
        troubles.end(0, Trouble.FROZEN);
        assertThat(none(0)).isTrue();
        assertThat(troubles.none(0, Duration.ofHours(1), ALL)).isFalse();
    }

    @Test
    void aMomentOfTroubleDoesNotEndWhatGoesOn() {
        troubles.begin(0, Trouble.DATABASE_AWAY);
        troubles.momentOfAll(Trouble.DATABASE_AWAY);
        assertThat(none(0)).isFalse();
        assertThat(none(1)).isTrue();
        troubles.end(0, Trouble.DATABASE_AWAY);
        assertThat(none(0)).isTrue();
    }

    @Test
    void redisThatIsBackIsOfNoUseWhileNoLinkLeadsThere() {
        troubles.begin(0, Trouble.REDIS_AWAY);
        troubles.beginAll(Trouble.REDIS_DOWN);
        troubles.endAll(Trouble.REDIS_DOWN);
        assertThat(none(0)).isFalse();
        troubles.end(0, Trouble.REDIS_AWAY);
        assertThat(none(0)).isTrue();
    }
}
