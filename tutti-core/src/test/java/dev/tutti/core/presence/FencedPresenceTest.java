package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.member.Member;
import dev.tutti.member.Role;
import dev.tutti.memory.MemoryBus;
import dev.tutti.presence.Presence.Registration;
import dev.tutti.testkit.fixture.StubMembers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance that was silent for so long that the others took it for dead, and that comes back. */
class FencedPresenceTest {
    private static final Duration PACE = Duration.ofMillis(10);
    private static final PresenceSettings AT_ONCE = new PresenceSettings(Duration.ZERO, Duration.ZERO, PACE);
    private static final PresenceSettings PATIENT =
            new PresenceSettings(Duration.ofHours(1), Duration.ofHours(1), PACE);

    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final List<Instance> instances = new ArrayList<>();

    /** An instance that is told by the test what its membership says. */
    private final class Instance {
        private final UUID process = UUID.randomUUID();
        private final StubMembers members =
                new StubMembers(new Member(process, process.toString(), "", Role.ALL, false, 0));
        private final SharedBus bus;
        private final ClusterPresence presence;

        Instance(PresenceSettings settings) {
            bus = new SharedBus(
                    new MemoryBus(wire),
                    () -> false,
                    Optional.of(ClusterSecret.of("a secret of the tests, and of no one else", List.of())),
                    new SimpleMeterRegistry());
            bus.start();
            presence = new ClusterPresence(members, bus, settings, System::nanoTime);
            instances.add(this);
        }

        void meets(Instance other) {
            members.join(other.members.self());
        }

        void misses(Instance other) {
            members.leave(other.members.self());
        }

        void isFenced() {
            members.fence();
        }

        void beats() {
            members.heartbeat();
        }

        boolean sees(String user) {
            return presence.isOnline("room", user);
        }

        Registration comes(String user) {
            return presence.enter("room", user);
        }
    }

    @AfterEach
    void close() {
        for (Instance instance : instances) {
            instance.presence.close();
            instance.bus.close();
        }
    }

    private static void introduce(Instance one, Instance two) {
        one.meets(two);
        two.meets(one);
    }

    @Test
    void peopleWhoWereLostMeanwhileAreNotShownAgain() {
        Instance frozen = new Instance(PATIENT);
        Instance other = new Instance(AT_ONCE);
        introduce(frozen, other);
        Registration ann = frozen.comes("ann");
        Registration bob = frozen.comes("bob");
        await().until(() -> other.sees("ann") && other.sees("bob"));
        other.misses(frozen);
        await().until(() -> !other.sees("ann") && !other.sees("bob"));

        ann.lost(); // noticed before the instance knows how it is taken
        frozen.isFenced();
        bob.lost(); // and after that
        Registration carl = frozen.comes("carl");
        other.meets(frozen);

        await().until(() -> other.sees("carl"));
        assertThat(other.presence.online("room")).isEqualTo(Set.of("carl"));
        assertThat(frozen.presence.online("room")).isEqualTo(Set.of("carl"));
        carl.close();
    }

    @Test
    void whoComesAfterwardsAndIsLostMayComeBack() {
        Instance frozen = new Instance(PATIENT);
        Instance other = new Instance(AT_ONCE);
        introduce(frozen, other);
        frozen.isFenced();

        frozen.comes("ann").lost();
        Registration bob = frozen.comes("bob");

        await().until(() -> other.sees("bob"));
        assertThat(other.sees("ann")).isTrue();
        bob.close();
    }

    /** Ann comes to a third instance, which leaves while {@code frozen} is taken for dead; her presence there. */
    private Registration annLeavesMeanwhile(Instance frozen, Instance other) {
        Instance leaving = new Instance(AT_ONCE);
        introduce(frozen, other);
        introduce(frozen, leaving);
        introduce(other, leaving);
        Registration ann = leaving.comes("ann");
        await().until(() -> frozen.sees("ann") && other.sees("ann"));
        other.misses(leaving);
        frozen.isFenced();
        frozen.misses(leaving);
        return ann;
    }

    @Test
    void peopleOfAnInstanceThatLeftMeanwhileAreNotShownAgain() {
        Instance frozen = new Instance(PATIENT);
        Registration ann = annLeavesMeanwhile(frozen, new Instance(AT_ONCE));

        frozen.beats();

        assertThat(frozen.sees("ann")).isFalse();
        ann.close();
    }

    @Test
    void peopleOfAnInstanceThatLeftMeanwhileAndMayComeBackAreAskedOfOthers() {
        Instance frozen = new Instance(PATIENT);
        Registration ann = annLeavesMeanwhile(frozen, new Instance(PATIENT));

        assertThat(frozen.sees("ann")).isFalse();
        frozen.beats();

        await().until(() -> frozen.sees("ann"));
        ann.close();
    }
}
