package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ListenerRegistration;
import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.core.Tutti;
import dev.tutti.member.Member;
import dev.tutti.memory.MemoryBus;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.presence.Presence;
import dev.tutti.presence.Presence.Change;
import dev.tutti.presence.Presence.Registration;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.testkit.fixture.ForwardingBus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Instances in one process, over a bus in memory. */
class PresenceTest {
    private static final MembershipSettings QUICK =
            new MembershipSettings(Duration.ofMillis(100), Duration.ofSeconds(3));

    /** In bytes. */
    private static final int LARGE = 20_000;

    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final MemoryMemberStore members = new MemoryMemberStore(Clock.systemUTC());
    private final List<Tutti> instances = new ArrayList<>();
    private final Tutti one = instance();
    private final Tutti two = instance();

    private Tutti instance() {
        return instance(QUICK, new MemoryBus(wire));
    }

    private Tutti instance(MembershipSettings membership, Bus bus) {
        return instance(membership, bus, PresenceSettings.DEFAULT);
    }

    private Tutti instance(MembershipSettings membership, Bus bus, PresenceSettings presence) {
        Tutti started = Tutti.over(
                        new MemoryStreamStore(RetentionPolicy.of(Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
                .members(members)
                .members(membership)
                .presence(presence)
                .bus(bus)
                .secret(ClusterSecret.of("a secret of the tests, and of no one else", List.of()))
                .start();
        instances.add(started);
        return started;
    }

    @AfterEach
    void close() {
        instances.forEach(Tutti::close);
    }

    @Test
    void whoComesAndGoesIsSeenOnTheOtherInstance() {
        List<Change> seen = new CopyOnWriteArrayList<>();
        two.presence().watch(seen::addAll);
        Registration registration = one.presence().enter("room", "ann");
        await().untilAsserted(() -> assertThat(seen).containsExactly(new Change("room", "ann", true)));
        assertThat(one.presence().online("room")).containsExactly("ann");
        assertThat(two.presence().isOnline("room", "ann")).isTrue();

        registration.close();
        await().untilAsserted(() ->
                assertThat(seen).containsExactly(new Change("room", "ann", true), new Change("room", "ann", false)));
        assertThat(two.presence().online("room")).isEmpty();
    }

    @Test
    void whoIsOnTwoInstancesIsThereUntilBothAreLeft() {
        Registration first = one.presence().enter("room", "ann");
        Registration second = two.presence().enter("room", "ann");
        Registration other = one.presence().enter("room", "bob");
        await().until(() -> two.presence().online("room").equals(Set.of("ann", "bob")));
        first.close();
        other.close();
        await().until(() -> two.presence().online("room").equals(Set.of("ann")));
        await().until(() -> one.presence().online("room").equals(Set.of("ann")));
        second.close();
        await().until(() -> one.presence().online("room").isEmpty());
    }

    @Test
    void whoComesLaterHearsOfAllThatAreThere() {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            registrations.add(one.presence().enter("room", "user-" + i));
        }
        Tutti three = instance();
        await().until(() -> three.presence().online("room").size() == registrations.size());
    }

    @Test
    void whoAsksBeforeTheOthersKnowOfItIsAnsweredWhenTheyDo() {
        MembershipSettings slow = new MembershipSettings(Duration.ofSeconds(2), Duration.ofSeconds(20));
        Tutti slowOne = instance(slow, new MemoryBus(wire));
        Registration registration = slowOne.presence().enter("room", "ann");
        await().until(() -> two.presence().isOnline("room", "ann")); // so that nothing is told of her any more
        MembershipSettings asksOnce = new MembershipSettings(Duration.ofMinutes(5), Duration.ofMinutes(20));
        Tutti three = instance(asksOnce, new MemoryBus(wire)); // a heartbeat that would ask again is far away
        await().until(() -> three.presence().isOnline("room", "ann"));
        registration.close();
    }

    @Test
    void anAnswerOfWhichAPartWasLostIsNotTakenForAll() {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            registrations.add(one.presence().enter("room", "user-" + i));
        }
        await().until(() -> two.presence().online("room").size() == registrations.size());
        SievedBus sieved = new SievedBus(new MemoryBus(wire));
        Tutti three = instance(QUICK, sieved);
        await().until(() -> three.presence().online("room").size() == registrations.size());
        assertThat(sieved.large).as("parts that came").hasValueGreaterThan(3);
    }

    @Test
    void nobodyWaitsWhileTheFormerPeopleOfAnInstanceThatHasGoneAreTold() throws Exception {
        PresenceSettings patient =
                new PresenceSettings(Duration.ofHours(1), Duration.ofHours(1), Duration.ofMillis(10));
        HeldBus held = new HeldBus(new MemoryBus(wire));
        Tutti answering = instance(QUICK, held, patient);
        for (int i = 0; i < 2_000; i++) {
            one.presence().enter("room", "user-" + i);
        }
        await().until(() -> answering.presence().online("room").size() == 2_000);
        UUID gone = one.members().self().process();
        one.close();
        await().until(() -> answering.members().others().stream()
                .noneMatch(member -> member.process().equals(gone)));
        try {
            instance(); // which asks who was here
            assertThat(held.holding.await(10, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Boolean> asked =
                    CompletableFuture.supplyAsync(() -> answering.presence().isOnline("room", "user-1"));

            assertThat(asked.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            held.released.countDown();
        }
    }

    /** Keeps those who send something large until it is released. */
    private static final class HeldBus extends ForwardingBus {
        private final CountDownLatch holding = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        HeldBus(Bus bus) {
            super(bus);
        }

        @Override
        public void publish(String topic, byte[] payload) {
            if (payload.length > LARGE) {
                holding.countDown();
                try {
                    released.await();
                } catch (InterruptedException toEnd) {
                    Thread.currentThread().interrupt();
                }
            }
            super.publish(topic, payload);
        }
    }

    /** Loses the second large message, and says so. */
    private static final class SievedBus extends ForwardingBus {
        private final AtomicInteger large = new AtomicInteger();

        SievedBus(Bus bus) {
            super(bus);
        }

        @Override
        protected void deliver(BusListener listener, String topic, byte[] payload) {
            if (payload.length > LARGE && large.incrementAndGet() == 2) {
                listener.onGap();
            } else {
                super.deliver(listener, topic, payload);
            }
        }
    }

    @Tag("slow")
    @Test
    void whoMayComeBackFromAnInstanceThatHasLeftIsThereForOneThatComesMeanwhile() {
        Registration registration = one.presence().enter("room", "ann");
        await().until(() -> two.presence().isOnline("room", "ann"));
        one.drain();
        await().until(() -> two.members().others().stream().allMatch(Member::draining));
        one.close();

        Tutti three = instance();

        await().until(() -> three.presence().isOnline("room", "ann"));
        await().until(() -> !two.presence().isOnline("room", "ann"));
        await().until(() -> !three.presence().isOnline("room", "ann"));
        registration.close();
    }

    @Test
    void thePeopleOfAnInstanceThatLeavesAreGone() {
        Registration registration = one.presence().enter("room", "ann");
        await().until(() -> two.presence().isOnline("room", "ann"));
        one.close();
        await().until(() -> !two.presence().isOnline("room", "ann"));
        registration.close();
    }

    @Test
    void whatTheBusLosesIsMadeGood() {
        Registration registration = one.presence().enter("room", "ann");
        await().until(() -> two.presence().isOnline("room", "ann"));
        List<MemoryBus> cut = wire.unplug();
        registration.close();
        Registration other = one.presence().enter("room", "bob");
        await().until(() -> one.presence().online("room").equals(Set.of("bob")));
        await().during(Duration.ofMillis(300)).until(() -> two.presence().isOnline("room", "ann"));
        wire.plug(cut);
        await().until(() -> two.presence().online("room").equals(Set.of("bob")));
        other.close();
    }

    @Test
    void aWatcherIsToldNothingOnceItsRegistrationIsClosedAndAnotherOneOfItGoesOn() {
        List<Change> seen = new CopyOnWriteArrayList<>();
        Presence.Watcher watcher = seen::addAll;
        ListenerRegistration first = two.presence().watch(watcher);
        ListenerRegistration second = two.presence().watch(watcher);
        first.close();
        first.close();
        Registration ann = one.presence().enter("room", "ann");
        await().untilAsserted(() -> assertThat(seen).containsExactly(new Change("room", "ann", true)));

        second.close();
        List<Change> later = new CopyOnWriteArrayList<>();
        two.presence().watch(later::addAll);
        ann.close();
        await().untilAsserted(() -> assertThat(later).containsExactly(new Change("room", "ann", false)));
        assertThat(seen).hasSize(1);
    }

    @Test
    void tenThousandInARoomAreToldInFewBatches() {
        List<List<Change>> batches = new CopyOnWriteArrayList<>();
        two.presence().watch(batches::add);
        Presence presence = one.presence();
        for (int i = 0; i < 10_000; i++) {
            presence.enter("room", "user-" + i);
        }
        await().until(() -> two.presence().online("room").size() == 10_000);
        await().until(() -> batches.stream().mapToInt(List::size).sum() == 10_000);
        assertThat(batches).hasSizeLessThan(100);
    }
}
