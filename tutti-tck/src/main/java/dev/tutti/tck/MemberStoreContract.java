package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of every {@link MemberStore}. Its tests may run in any order on one store. */
public interface MemberStoreContract {
    /** The time without a heartbeat after which a member counts as dead. */
    Duration SILENCE = Duration.ofSeconds(10);

    /** The pause between heartbeats of members in the tests. */
    Duration INTERVAL = Duration.ofSeconds(2);

    /** The store. */
    MemberStore members();

    /** Lets time pass on the store's clock. */
    void pass(Duration time);

    private static Member member(String name) {
        return new Member(UUID.randomUUID(), name, "http://127.0.0.1:1", Role.ALL, false, 0);
    }

    private Member joined(String name) {
        Member member = member(name);
        members().join(member, SILENCE);
        return member;
    }

    private List<Member> beat(Member member) {
        return members().heartbeat(Heartbeat.of(member), SILENCE).members();
    }

    /** Lets time pass; {@code alive} send a heartbeat after each {@link #INTERVAL}. */
    private void pass(Duration time, Member... alive) {
        for (long beat = 0; beat < time.dividedBy(INTERVAL); beat++) {
            pass(INTERVAL);
            for (Member each : alive) {
                List<Member> _ = beat(each);
            }
        }
    }

    @Test
    default void everybodySeesAMemberThatHasJoined() {
        Member ann = joined("ann");
        Member bob = joined("bob");

        assertThat(beat(ann)).contains(ann, bob);
        assertThat(beat(bob)).contains(ann, bob);
    }

    @Test
    default void whatOneSaysOfItselfIsSeenWithItsHeartbeat() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        Member changed = ann.at("http://127.0.0.1:2").leaving().revised(7);

        assertThat(beat(changed)).contains(changed).doesNotContain(ann);
        assertThat(beat(bob)).contains(changed).doesNotContain(ann);
    }

    @Test
    default void theRoleOfEachIsSeen() {
        Member ann = joined("ann");
        for (Role role : Role.values()) {
            Member other = new Member(UUID.randomUUID(), role.text(), "", role, false, 0);
            members().join(other, SILENCE);

            assertThat(beat(ann)).contains(other);
        }
    }

    @Test
    default void whatAHeartbeatSaysOfTheBusIsSeen() {
        Heartbeat sent = new Heartbeat(joined("ann"), 42, Set.of(UUID.randomUUID()));
        Member bob = joined("bob");

        assertThat(members().heartbeat(sent, SILENCE).heartbeats()).contains(sent);
        assertThat(members().heartbeat(Heartbeat.of(bob), SILENCE).heartbeats()).contains(sent, Heartbeat.of(bob));
    }

    @Test
    default void theStoreTellsTheTime() {
        Member ann = joined("ann");
        Instant before = members().heartbeat(Heartbeat.of(ann), SILENCE).now();
        pass(Duration.ofMinutes(1));

        assertThat(members().heartbeat(Heartbeat.of(ann), SILENCE).now())
                .isBetween(before.plusSeconds(60), before.plusSeconds(90));
    }

    @Test
    default void aMemberThatLeavesIsGone() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        members().leave(ann.incarnation());
        members().leave(ann.incarnation());

        assertThat(beat(bob)).contains(bob).doesNotContain(ann);
    }

    @Test
    default void aMemberThatIsSilentWhileOthersAreNotIsTakenForDeadAndKnowsIt() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        pass(SILENCE.minusSeconds(4), bob);
        assertThat(beat(bob)).contains(ann, bob);
        pass(Duration.ofSeconds(6), bob);

        assertThat(beat(bob)).contains(bob).doesNotContain(ann);
        assertThat(beat(ann)).contains(bob).doesNotContain(ann);
        assertThat(beat(bob)).doesNotContain(ann);
    }

    @Test
    default void anOutageThatAllShareTakesOutNobody() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        pass(Duration.ofSeconds(4), ann, bob);
        pass(Duration.ofSeconds(60));
        assertThat(beat(bob)).contains(ann, bob);
        pass(Duration.ofSeconds(6), bob);

        assertThat(beat(ann)).contains(ann, bob);
    }

    @Test
    default void aMemberThatIsSilentAfterAnOutageIsTakenForDead() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        pass(Duration.ofSeconds(60));
        pass(SILENCE.plusSeconds(4), bob);

        assertThat(beat(bob)).contains(bob).doesNotContain(ann);
    }

    @Test
    default void aShortOutageCountsForNobody() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        pass(SILENCE.minusSeconds(1));
        assertThat(beat(bob)).contains(ann, bob);
        pass(Duration.ofSeconds(4), bob);

        assertThat(beat(ann)).contains(ann, bob);
    }

    @Test
    default void aMemberThatJoinsAfterAnOutageTakesOutNobody() {
        Member ann = joined("ann");
        pass(Duration.ofSeconds(60));
        Member bob = joined("bob");

        assertThat(beat(bob)).contains(ann, bob);
        assertThat(beat(ann)).contains(ann, bob);
    }

    @Test
    default void aLateHeartbeatCountsIfNobodyElseWasHeard() {
        Member ann = joined("ann");
        pass(SILENCE.plusSeconds(1));

        assertThat(beat(ann)).contains(ann);
    }

    @Test
    default void aMemberThatWasTakenForDeadComesBackBehindAnotherFence() {
        Member ann = joined("ann");
        Member bob = joined("bob");
        pass(SILENCE.plusSeconds(2), bob);
        assertThat(beat(ann)).doesNotContain(ann);
        Member again = ann.rejoined(UUID.randomUUID());
        members().join(again, SILENCE);

        assertThat(beat(again)).contains(again, bob).doesNotContain(ann);
        assertThat(again.process()).isEqualTo(ann.process());
    }

    /**
     * A random run with outages of the store and frozen members. The first member is never frozen: the others are compared with its
     * heartbeats.
     */
    @Tag("slow")
    @Test
    default void onlyMembersThatWereSilentWhileOthersWereNotAreTakenOut() {
        Random random = Seed.next().random(0);
        Member judge = joined("judge");
        List<Member> judged = List.of(joined("ann"), joined("bob"), joined("cem"));
        Set<Member> known = new HashSet<>(judged);
        Map<Member, Integer> silent = new HashMap<>(); // heartbeats of the judge since the last one
        Map<Member, Integer> frozen = new HashMap<>(); // the rounds that are left
        for (int round = 0; round < 150; round++) {
            if (random.nextInt(25) == 0) {
                pass(Duration.ofSeconds(random.nextInt(12, 140)));
                silent.clear();
            }
            pass(INTERVAL);
            List<Member> alive = beat(judge);
            assertThat(alive).contains(judge);
            for (Member each : judged) {
                int beats = silent.merge(each, 1, Integer::sum);
                if (beats <= 3 && known.contains(each)) {
                    assertThat(alive).as("silent for %s beats", beats).contains(each);
                } else if (beats >= 7) {
                    assertThat(alive).as("silent for %s beats", beats).doesNotContain(each);
                }
            }
            known.retainAll(alive);
            for (Member each : judged) {
                int left = frozen.merge(each, -1, Integer::sum);
                if (left <= 0 && random.nextInt(20) == 0) {
                    frozen.put(each, random.nextInt(1, 15));
                } else if (left <= 0) {
                    if (!beat(each).contains(each)) {
                        members().join(each, SILENCE);
                    }
                    known.add(each);
                    silent.put(each, 0);
                }
            }
        }
    }
}
