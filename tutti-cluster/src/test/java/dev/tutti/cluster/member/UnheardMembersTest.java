package dev.tutti.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnheardMembersTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final UnheardMembers missing = new UnheardMembers();
    private final Member ann = new Member(UUID.randomUUID(), "ann", "", Role.ALL, false, 0);

    private Set<UUID> after(long second, long number) {
        return missing.of(List.of(new Heartbeat(ann, number, Set.of())), second * SECOND);
    }

    @Test
    void aMemberThatIsHeardInTheStoreAloneIsMissingAfterFiveSeconds() {
        missing.heard(ann.process(), 1);
        for (int second = 1; second <= 6; second++) {
            assertThat(after(second, second)).isEmpty();
        }
        assertThat(after(8, 8)).containsExactly(ann.process());
        missing.heard(ann.process(), 9);
        assertThat(after(9, 9)).isEmpty();
    }

    @Test
    void aMemberOfAnEarlierVersionThatSendsNothingIsNotMissing() {
        for (int second = 1; second <= 20; second++) {
            assertThat(after(second, 0)).isEmpty();
        }
    }

    @Test
    void aMemberThatHasNothingNewToSayIsNotMissing() {
        missing.heard(ann.process(), 3);
        for (int second = 1; second <= 20; second++) {
            assertThat(after(second, 3)).isEmpty();
        }
    }

    @Test
    void anOutageOfTheStoreMakesNobodyMissing() {
        missing.heard(ann.process(), 1);
        assertThat(after(1, 1)).isEmpty();
        assertThat(after(2, 2)).isEmpty();
        assertThat(after(62, 3)).isEmpty();
        assertThat(after(63, 4)).isEmpty();
        missing.heard(ann.process(), 5);
        assertThat(after(64, 5)).isEmpty();
    }

    @Test
    void aNumberThatNobodyCanHaveSentYetHidesNothing() {
        missing.heard(ann.process(), Long.MAX_VALUE);
        Set<UUID> found = Set.of();
        for (int second = 1; second <= 10; second++) {
            found = after(second, second);
        }
        assertThat(found).containsExactly(ann.process());
    }

    @Test
    void aMemberIsMissingExactlyWhileTheBusIsCutForLonger() {
        Random random = new Random(7);
        for (int run = 0; run < 200; run++) {
            UnheardMembers heard = new UnheardMembers();
            Map<UUID, Long> cutSince = new HashMap<>();
            long cutUntil = 0;
            for (long second = 1; second < 200; second++) {
                if (second >= cutUntil && random.nextInt(30) == 0) {
                    cutUntil = second + random.nextInt(1, 30);
                    cutSince.putIfAbsent(ann.process(), second);
                }
                boolean cut = second < cutUntil;
                if (!cut) {
                    cutSince.remove(ann.process());
                    heard.heard(ann.process(), second);
                }
                Set<UUID> found = heard.of(List.of(new Heartbeat(ann, second, Set.of())), second * SECOND);
                long silent = second - cutSince.getOrDefault(ann.process(), second);
                if (silent <= 4) {
                    assertThat(found).as("run %s, cut for %s s", run, silent).isEmpty();
                } else if (silent >= 8) {
                    assertThat(found).as("run %s, cut for %s s", run, silent).containsExactly(ann.process());
                }
            }
        }
    }
}
