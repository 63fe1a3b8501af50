package dev.tutti.postgres.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaProofTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ReplicaProof proof = new ReplicaProof();

    private static PrimaryStatus primary(int timeline, int second) {
        return new PrimaryStatus("1", new WalPosition(timeline, 100), Optional.of(START.plusSeconds(second)));
    }

    private static ReplicaStatus replica(int second) {
        return new ReplicaStatus("1", true, 100, Optional.of(START.plusSeconds(second)));
    }

    @Test
    void aHeartbeatThatWasWrittenSinceTheFirstLookIsTheProof() {
        assertThat(proof.judge(primary(1, 0), replica(0))).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(1, 1), replica(0))).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(1, 2), replica(1))).isEqualTo(new ReplicaState.Usable(1, Duration.ofSeconds(1)));
        assertThat(proof.judge(primary(1, 3), replica(4))).isEqualTo(new ReplicaState.Usable(1, Duration.ZERO));
    }

    @Test
    void oneThatIsTooFarBehindIsNotUsed() {
        proof.judge(primary(1, 0), replica(0));
        proof.judge(primary(1, 1), replica(0));

        assertThat(proof.judge(primary(1, 6), replica(1))).isInstanceOf(ReplicaState.Usable.class);
        assertThat(proof.judge(primary(1, 7), replica(1))).isEqualTo(new ReplicaState.Behind(Duration.ofSeconds(6)));
    }

    @Test
    void aFailoverHasToBeFollowed() {
        proof.judge(primary(1, 0), replica(0));
        assertThat(proof.judge(primary(1, 2), replica(2))).isInstanceOf(ReplicaState.Usable.class);

        // what it has may be of the old primary, and later than what the new one has
        assertThat(proof.judge(primary(2, 3), replica(3))).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(2, 3), replica(4))).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(2, 8), replica(3))).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(2, 9), replica(3))).isInstanceOf(ReplicaState.Behind.class);

        assertThat(proof.judge(primary(2, 10), replica(9)))
                .isEqualTo(new ReplicaState.Usable(2, Duration.ofSeconds(1)));
    }

    @Test
    void oneWithoutTheHeartbeatsOfThisInstanceIsNoReplicaOfThePrimary() {
        ReplicaStatus without = new ReplicaStatus("1", true, 100, Optional.empty());

        assertThat(proof.judge(primary(1, 0), without)).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(1, 6), without)).isInstanceOf(ReplicaState.Behind.class);
    }

    @Test
    void whatTakesWritesOrIsOfAnotherSystemIsForeign() {
        proof.judge(primary(1, 0), replica(0));
        Optional<Instant> late = Optional.of(START.plusSeconds(5));

        assertThat(proof.judge(primary(1, 5), new ReplicaStatus("1", false, -1, late)))
                .isInstanceOf(ReplicaState.Foreign.class);
        assertThat(proof.judge(primary(1, 5), new ReplicaStatus("2", true, 100, late)))
                .isInstanceOf(ReplicaState.Foreign.class);
    }

    @Test
    void aClockThatWasSetBackProvesNothing() {
        proof.judge(primary(1, 60), replica(60));

        assertThat(proof.judge(primary(1, 0), replica(60))).isInstanceOf(ReplicaState.Unknown.class);
        assertThat(proof.judge(primary(1, 1), replica(1))).isInstanceOf(ReplicaState.Usable.class);
    }
}
