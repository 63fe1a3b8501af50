package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBus;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.presence.Presence.Change;
import dev.tutti.presence.Presence.Registration;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.testkit.fixture.GatedMemberStore;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two instances from which the member store and the bus are away, for longer than anybody's silence is borne. */
class PresenceOutageTest {
    private static final MembershipSettings QUICK =
            new MembershipSettings(Duration.ofMillis(100), Duration.ofSeconds(2));

    /** Nobody counts as there a moment longer than one has to. */
    private static final PresenceSettings AT_ONCE =
            new PresenceSettings(Duration.ZERO, Duration.ZERO, Duration.ofMillis(10));

    private final MovedClock clock = new MovedClock(Instant.now());
    private final GatedMemberStore store = new GatedMemberStore(new MemoryMemberStore(clock));
    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final List<Tutti> instances = new ArrayList<>();

    private Tutti instance() {
        Tutti started = Tutti.over(
                        new MemoryStreamStore(RetentionPolicy.of(Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
                .members(store)
                .members(QUICK)
                .presence(AT_ONCE)
                .bus(new MemoryBus(wire))
                .secret(ClusterSecret.of("a secret of the tests, and of no one else", List.of()))
                .start();
        instances.add(started);
        return started;
    }

    private static List<Change> told(Tutti instance) {
        List<Change> told = new CopyOnWriteArrayList<>();
        instance.presence().watch(told::addAll);
        return told;
    }

    private static Change came(String user) {
        return new Change("room", user, true);
    }

    @AfterEach
    void close() {
        store.open();
        instances.forEach(Tutti::close);
    }

    @Test
    void anOutageThatAllShareIsNotSeenOfThoseWhoStay() {
        Tutti one = instance();
        Tutti two = instance();
        List<Change> toldAtOne = told(one);
        List<Change> toldAtTwo = told(two);
        Registration ann = one.presence().enter("room", "ann");
        Registration bob = two.presence().enter("room", "bob");
        await().until(() -> toldAtOne.size() == 2 && toldAtTwo.size() == 2);

        store.shut();
        List<MemoryBus> cut = wire.unplug();
        Registration carl = one.presence().enter("room", "carl");
        Registration dora = two.presence().enter("room", "dora");
        await().until(() -> !one.members().current() && !two.members().current());
        clock.pass(Duration.ofMinutes(1));
        store.open();
        wire.plug(cut);

        // an instance that has missed something asks after two heartbeats
        await().until(() -> toldAtOne.contains(came("dora")) && toldAtTwo.contains(came("carl")));
        await().until(() -> one.members().current() && two.members().current());
        assertThat(toldAtOne).containsExactlyInAnyOrder(came("ann"), came("bob"), came("carl"), came("dora"));
        assertThat(toldAtTwo).containsExactlyInAnyOrder(came("ann"), came("bob"), came("carl"), came("dora"));

        List.of(ann, bob, carl, dora).forEach(Registration::close);
        await().until(() -> toldAtOne.size() == 8 && toldAtTwo.size() == 8);
    }
}
