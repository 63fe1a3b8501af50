package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link MemberStore} does. Its tests may run in any order on one store. */
public interface MemberStoreContract {
    /** After so long without a heartbeat somebody is taken for dead. */
    Duration SILENCE = Duration.ofSeconds(5);

    /** The store. */
    MemberStore members();

    /** Lets time pass on the store's clock. */
    void pass(Duration time);

    private static Member member(String name) {
        return new Member(UUID.randomUUID(), name, "http://127.0.0.1:1", "all", false, 0);
    }

    @Test
    default void whoJoinsIsSeenByAll() {
        Member ann = member("ann");
        Member bob = member("bob");
        members().join(ann);
        members().join(bob);

        assertThat(members().beat(ann, SILENCE)).contains(ann, bob);
        assertThat(members().beat(bob, SILENCE)).contains(ann, bob);
    }

    @Test
    default void whatOneSaysOfItselfIsSeenWithItsHeartbeat() {
        Member ann = member("ann");
        Member bob = member("bob");
        members().join(ann);
        members().join(bob);
        Member changed = ann.at("http://127.0.0.1:2").leaving().revised(7);

        assertThat(members().beat(changed, SILENCE)).contains(changed).doesNotContain(ann);
        assertThat(members().beat(bob, SILENCE)).contains(changed).doesNotContain(ann);
    }

    @Test
    default void whoLeavesIsGone() {
        Member ann = member("ann");
        Member bob = member("bob");
        members().join(ann);
        members().join(bob);
        members().leave(ann.incarnation());
        members().leave(ann.incarnation());

        assertThat(members().beat(bob, SILENCE)).contains(bob).doesNotContain(ann);
    }

    @Test
    default void whoIsSilentIsTakenForDeadAndKnowsIt() {
        Member ann = member("ann");
        Member bob = member("bob");
        members().join(ann);
        members().join(bob);
        pass(SILENCE.minusSeconds(1));
        assertThat(members().beat(bob, SILENCE)).contains(ann, bob);
        pass(Duration.ofSeconds(2));

        assertThat(members().beat(bob, SILENCE)).contains(bob).doesNotContain(ann);
        assertThat(members().beat(ann, SILENCE)).contains(bob).doesNotContain(ann);
        assertThat(members().beat(bob, SILENCE)).doesNotContain(ann);
    }

    @Test
    default void aHeartbeatThatComesTooLateIsNoneThoughNobodyElseLooked() {
        Member ann = member("ann");
        members().join(ann);
        pass(SILENCE.plusSeconds(1));

        assertThat(members().beat(ann, SILENCE)).doesNotContain(ann);
    }

    @Test
    default void whoWasTakenForDeadComesBackInAnotherLife() {
        Member ann = member("ann");
        members().join(ann);
        pass(SILENCE.plusSeconds(1));
        List<Member> without = members().beat(ann, SILENCE);
        Member again = ann.reborn(UUID.randomUUID());
        members().join(again);

        assertThat(without).doesNotContain(ann);
        assertThat(members().beat(again, SILENCE)).contains(again).doesNotContain(ann);
    }
}
