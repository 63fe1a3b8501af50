package dev.tutti.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.Role;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatAgesTest {
    private static final Duration AGE = Duration.ofSeconds(4);

    private final Member ann = new Member(UUID.randomUUID(), "ann", "", Role.ALL, false, 0);
    private final HeartbeatAges ages = new HeartbeatAges();

    private void look(double at, long number) {
        ages.look(List.of(new Heartbeat(ann, number, Set.of())), seconds(at));
    }

    private boolean isYoung(double now) {
        return ages.isWithin(AGE, ann.process(), seconds(now));
    }

    private static long seconds(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aHeartbeatIsAsOldAsTheLookBeforeTheOneThatShowedIt() {
        look(10, 1);
        look(11, 2);
        look(12, 2);
        assertThat(isYoung(13.9)).isTrue();
        assertThat(isYoung(14.1))
                .as("it may have been sent just after the first look")
                .isFalse();
    }

    @Test
    void aHeartbeatThatWasThereAtTheFirstLookMayBeOfAnyAge() {
        look(10, 1);
        look(11, 1);
        assertThat(isYoung(11)).isFalse();
        assertThat(ages.isWithin(AGE, UUID.randomUUID(), seconds(11)))
                .as("of somebody unknown")
                .isFalse();
    }

    @Test
    void aHeartbeatThatCameWhileNobodyLookedMayBeAsOldAsThat() {
        look(10, 1);
        look(11, 2);
        look(19, 9);
        assertThat(isYoung(19.5)).isFalse();
        look(20, 10);
        assertThat(isYoung(20.5)).isTrue();
    }

    @Test
    void aMemberThatHasGoneIsForgotten() {
        look(10, 1);
        look(11, 2);
        ages.look(List.of(), seconds(12));
        look(13, 3);
        assertThat(isYoung(13)).isFalse();
    }
}
