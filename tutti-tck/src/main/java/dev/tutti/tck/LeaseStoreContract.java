package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of every {@link LeaseStore}. Its tests may run in any order on one store. */
public interface LeaseStoreContract {
    /** The ttl of leases in the tests. */
    Duration TTL = Duration.ofMinutes(1);

    /** The store. */
    LeaseStore leases();

    /** Moves the store's clock by {@code time}; back if it is negative. */
    void pass(Duration time);

    private static LeaseClaim claim(String name) {
        return new LeaseClaim(name, UUID.randomUUID());
    }

    private static String newName() {
        return "lease " + UUID.randomUUID();
    }

    private LeaseState acquire(LeaseClaim claim) {
        List<LeaseState> states = leases().acquire(List.of(claim), TTL);
        assertThat(states)
                .singleElement()
                .satisfies(state -> assertThat(state.grant().name()).isEqualTo(claim.name()));
        return states.getFirst();
    }

    private LeaseGrant granted(LeaseClaim claim) {
        LeaseState state = acquire(claim);
        assertThat(state.holder()).isEqualTo(claim.claimant());
        assertThat(state.left()).isBetween(TTL.minusSeconds(10), TTL);
        return state.grant();
    }

    private boolean renew(LeaseGrant grant) {
        return leases().renew(List.of(grant), TTL).contains(grant);
    }

    @Test
    default void oneClaimantAtATimeHasIt() {
        LeaseClaim ann = claim(newName());
        LeaseGrant grant = granted(ann);

        LeaseState told = acquire(claim(ann.name()));

        assertThat(told.grant()).isEqualTo(grant);
        assertThat(told.holder()).isEqualTo(ann.claimant());
        assertThat(told.isFree()).isFalse();
        assertThat(leases().find(ann.name()))
                .get()
                .satisfies(found -> assertThat(found.grant()).isEqualTo(grant));
    }

    @Test
    default void whoeverAsksAgainKeepsItWithItsToken() {
        LeaseClaim ann = claim(newName());
        LeaseGrant grant = granted(ann);
        pass(TTL.dividedBy(2));

        assertThat(granted(ann)).isEqualTo(grant);
        pass(TTL.dividedBy(2).plusSeconds(1));
        assertThat(acquire(claim(ann.name())).holder()).isEqualTo(ann.claimant());
    }

    @Test
    default void whenItsTimeIsOverTheNextOneHasItWithALargerToken() {
        LeaseClaim ann = claim(newName());
        LeaseGrant first = granted(ann);
        pass(TTL.plusSeconds(1));

        LeaseGrant second = granted(claim(ann.name()));

        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(renew(first)).isFalse();
        leases().release(List.of(first));
        assertThat(renew(second)).as("what somebody else gave back").isTrue();
        assertThat(acquire(ann).grant()).isEqualTo(second);
    }

    @Test
    default void whatIsRenewedLastsOn() {
        LeaseClaim ann = claim(newName());
        LeaseGrant grant = granted(ann);
        for (int i = 0; i < 5; i++) {
            pass(TTL.minusSeconds(10));
            assertThat(renew(grant)).isTrue();
        }
        assertThat(acquire(claim(ann.name())).holder()).isEqualTo(ann.claimant());
    }

    @Test
    default void whatNobodyElseWantedIsRenewedLate() {
        LeaseClaim ann = claim(newName());
        LeaseGrant grant = granted(ann);
        pass(TTL.multipliedBy(2));
        assertThat(leases().find(ann.name()).orElseThrow().isFree()).isTrue();

        assertThat(renew(grant)).isTrue();

        assertThat(acquire(claim(ann.name())).holder()).isEqualTo(ann.claimant());
    }

    @Test
    default void whatIsGivenBackIsFreeAtOnceAndNotRenewed() {
        LeaseClaim ann = claim(newName());
        LeaseGrant first = granted(ann);
        leases().release(List.of(first));

        assertThat(leases().find(ann.name()).orElseThrow().isFree()).isTrue();
        assertThat(renew(first)).isFalse();
        assertThat(granted(claim(ann.name())).token()).isGreaterThan(first.token());
    }

    @Test
    default void tokensGrowWhenTheClockIsSetBack() {
        LeaseClaim ann = claim(newName());
        LeaseGrant first = granted(ann);
        leases().release(List.of(first));
        pass(Duration.ofHours(-1));

        LeaseGrant second = granted(claim(ann.name()));

        assertThat(second.token()).isGreaterThan(first.token());
        pass(Duration.ofHours(1));
    }

    @Test
    default void aClockThatWasSetBackKeepsNobodyWaitingForLong() {
        LeaseClaim ann = claim(newName());
        LeaseGrant first = granted(ann);
        pass(Duration.ofHours(-1));

        assertThat(acquire(claim(ann.name())).holder()).isEqualTo(ann.claimant());
        pass(TTL.plusSeconds(1));
        assertThat(granted(claim(ann.name())).token()).isGreaterThan(first.token());
        pass(Duration.ofHours(1));
    }

    @Test
    default void whoShallHaveItGetsAHeadStart() {
        String name = newName();
        LeaseClaim patient = new LeaseClaim(name, UUID.randomUUID(), Duration.ofSeconds(20));
        assertThat(acquire(patient).isFree()).as("nobody ever had it").isTrue();
        pass(Duration.ofSeconds(21));
        LeaseGrant first = granted(patient);

        leases().release(List.of(first));
        LeaseClaim next = new LeaseClaim(name, UUID.randomUUID(), Duration.ofSeconds(20));
        assertThat(acquire(next).isFree()).isTrue();
        LeaseGrant second = granted(claim(name));
        assertThat(second.token()).isGreaterThan(first.token());

        pass(TTL.plusSeconds(5));
        assertThat(acquire(next).isFree()).isTrue();
        pass(Duration.ofSeconds(16));
        assertThat(granted(next).token()).isGreaterThan(second.token());
    }

    /** A restored backup does not have the tokens that were granted after it. So tokens follow the clock, too. */
    @Test
    default void tokensGrowWithTheClockFromOneLeaseToTheOther() {
        LeaseGrant first = granted(claim(newName()));
        pass(Duration.ofSeconds(1));

        assertThat(granted(claim(newName())).token()).isGreaterThan(first.token());
    }

    /** Otherwise leases named after users or jobs would fill the store without end. */
    @Test
    default void whatNobodyHasHadForLongIsForgottenAndItsTokensGrowAllTheSame() {
        LeaseClaim ann = claim(newName());
        LeaseGrant first = granted(ann);
        leases().release(List.of(first));
        LeaseGrant used = granted(claim(newName()));
        pass(LeaseStore.FORGOTTEN_AFTER.minusHours(1));
        assertThat(renew(used)).isTrue();
        pass(Duration.ofHours(1).plusMinutes(1));

        leases().release(List.of(granted(claim(newName()))));

        assertThat(leases().find(ann.name())).isEmpty();
        assertThat(leases().find(used.name()))
                .as("given before, and renewed since")
                .isPresent();
        assertThat(renew(first)).isFalse();
        pass(LeaseStore.FORGOTTEN_AFTER.plusDays(1).negated());
        LeaseGrant second = granted(claim(ann.name()));
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(renew(second)).isTrue();
        pass(Duration.ofDays(1));
    }

    @Test
    default void manyAreAskedForRenewedAndGivenBackAtOnce() {
        List<LeaseClaim> claims =
                IntStream.range(0, 50).mapToObj(i -> claim(newName())).toList();
        LeaseGrant taken = granted(claim(claims.getFirst().name()));

        List<LeaseState> states = leases().acquire(claims, TTL);

        assertThat(states).hasSize(50);
        Set<String> got = new TreeSet<>();
        List<LeaseGrant> grants = states.stream().map(LeaseState::grant).toList();
        for (int i = 0; i < 50; i++) {
            LeaseState state = states.get(i);
            if (state.holder().equals(claims.get(i).claimant())) {
                got.add(state.grant().name());
            }
        }
        assertThat(got).hasSize(49).doesNotContain(taken.name());
        assertThat(leases().renew(grants, TTL)).containsExactlyInAnyOrderElementsOf(grants);
        leases().release(grants);
        assertThat(leases().renew(grants, TTL)).isEmpty();
        assertThat(leases().renew(List.of(new LeaseGrant("nobody ever had it", 1)), TTL))
                .isEmpty();
        assertThat(leases().find("nobody ever had it")).isEmpty();
    }

    @Test
    default void manyWhoWantItAtOnceGetItOneAfterTheOther() {
        String name = newName();
        List<Long> tokens = Collections.synchronizedList(new ArrayList<>());
        try (TestThreads threads = new TestThreads()) {
            for (int i = 0; i < 8; i++) {
                threads.add(() -> {
                    LeaseClaim mine = claim(name);
                    LeaseState state = acquire(mine);
                    while (!state.holder().equals(mine.claimant())) {
                        state = acquire(mine);
                    }
                    tokens.add(state.grant().token());
                    leases().release(List.of(state.grant()));
                });
            }
        }
        assertThat(tokens).hasSize(8).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void aNameHasItsBounds() {
        LeaseClaim longest = claim("x".repeat(LeaseStore.MAX_NAME - 36) + UUID.randomUUID());
        assertThat(granted(longest).name()).isEqualTo(longest.name());
    }
}
