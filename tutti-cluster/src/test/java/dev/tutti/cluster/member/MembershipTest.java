package dev.tutti.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.ListenerRegistration;
import dev.tutti.TuttiException;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.member.Role;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.testkit.fixture.GatedMemberStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final MembershipSettings QUICK =
            new MembershipSettings(Duration.ofMillis(50), Duration.ofSeconds(2));

    private final MemberStore store = new MemoryMemberStore(Clock.systemUTC());
    private final GatedMemberStore gate = new GatedMemberStore(store);
    private final List<Membership> started = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        gate.open();
        started.forEach(Membership::close);
    }

    @Test
    void eachHearsOfTheOthersComingAndGoing() {
        Membership ann = member("ann", gate);
        ann.listen(liveness());
        Membership bob = member("bob", gate);
        await().until(() -> heard.contains("joined bob"));
        assertThat(bob.others()).extracting(Member::instance).containsExactly("ann");

        bob.updateSelf(Member::leaving);
        await().until(() -> heard.contains("changed bob"));
        assertThat(ann.others()).allMatch(Member::draining);
        bob.close();
        await().until(() -> heard.contains("left bob"));
        assertThat(ann.others()).isEmpty();
        assertThat(bob.current()).isFalse();
    }

    @Test
    void anInstanceThatLeavesBeforeAHeartbeatSaysSoIsNotTakenForDead() {
        MembershipSettings patient = new MembershipSettings(Duration.ofMillis(50), Duration.ofMinutes(1));
        Membership ann = member("ann", store, patient);
        Membership bob = member("bob", store, patient);
        await().until(() -> !ann.heartbeats().isEmpty());
        long first = ann.heartbeats().getFirst().number();
        await().until(() -> ann.heartbeats().getFirst().number() > first);
        ann.listen(new MembershipListener() {
            @Override
            public void left(Member member) {
                heard.add(member.instance() + (member.draining() ? " has left" : " is dead"));
            }
        });

        bob.close();

        await().until(() -> !heard.isEmpty());
        assertThat(heard).containsExactly("bob has left");
    }

    @Test
    void aListenerIsToldNothingOnceItsRegistrationIsClosed() {
        Membership ann = member("ann", gate);
        ListenerRegistration registration = ann.listen(liveness());
        registration.close();
        registration.close();
        List<String> later = new CopyOnWriteArrayList<>();
        ListenerRegistration another = ann.listen(new MembershipListener() {
            @Override
            public void joined(Member member) {
                later.add(member.instance());
            }
        });

        member("bob", gate);
        await().until(() -> later.contains("bob"));
        another.close();

        assertThat(heard).isEmpty();
    }

    @Test
    void whoCannotReachTheStoreKnowsItBeforeTheOthersDo() {
        Membership ann = member("ann", store);
        Membership bob = member("bob", gate);
        await().until(() -> !ann.others().isEmpty());
        ann.listen(new MembershipListener() {
            @Override
            public void left(Member member) {
                heard.add("left while it thinks itself current: " + bob.current());
            }
        });
        gate.shut();
        await().until(() -> !heard.isEmpty());
        assertThat(heard).containsExactly("left while it thinks itself current: false");
        assertThat(bob.others()).as("nobody is taken for dead by who is blind").hasSize(1);
    }

    @Test
    void whoWasTakenForDeadComesBackInAnotherLife() {
        Membership ann = member("ann", store);
        Membership bob = member("bob", gate);
        bob.listen(liveness());
        Member before = bob.self();
        await().until(() -> !ann.others().isEmpty());
        gate.shut();
        await().until(() -> ann.others().isEmpty());
        gate.open();
        await().until(() -> !ann.others().isEmpty());
        assertThat(bob.self().incarnation()).isNotEqualTo(before.incarnation());
        assertThat(bob.self().process()).isEqualTo(before.process());
        await().untilAsserted(() -> assertThat(heard).contains("rejoined bob"));
        await().until(bob::current);
    }

    @Test
    void whoeverLeftWhileAnInstanceJoinedAnewIsNotTakenForAlive() {
        Membership ann = member("ann", store);
        Membership cem = member("cem", store);
        GatedMemberStore slow = new GatedMemberStore(store) {
            @Override
            public void join(Member member, Duration silence) {
                if (!heard.isEmpty()) {
                    cem.close(); // as a dead one is taken out while somebody waits for its connections
                }
                super.join(member, silence);
            }
        };
        Membership bob = member("bob", slow);
        await().until(() -> bob.others().size() == 2 && ann.others().size() == 2);
        bob.listen(liveness());
        bob.listen(fencing());

        store.leave(bob.self().incarnation());

        await().until(() -> heard.contains("rejoined bob"));
        await().until(() -> heard.getLast().startsWith("heartbeat"));
        List<String> all = List.copyOf(heard);
        assertThat(all.subList(all.indexOf("fenced"), all.size()))
                .startsWith("fenced", "rejoined bob", "left cem", "heartbeat with 1");
    }

    @Test
    void anInstanceThatJoinedAnewIsToldSoAlsoWhenTheAnswerToItsJoiningWasLost() {
        GatedMemberStore interrupted = new GatedMemberStore(store) {
            private final AtomicInteger joins = new AtomicInteger();

            @Override
            public void join(Member member, Duration silence) {
                super.join(member, silence);
                if (joins.incrementAndGet() == 2) {
                    throw new TuttiException(ErrorCode.UNAVAILABLE, "the answer was lost");
                }
            }
        };
        Membership ann = member("ann", store);
        Membership bob = member("bob", interrupted);
        await().until(() -> ann.others().size() == 1);
        bob.listen(liveness());
        bob.listen(fencing());

        store.leave(bob.self().incarnation());

        await().until(() -> heard.contains("rejoined bob"));
        await().until(() -> heard.getLast().equals("heartbeat with 1"));
        List<String> all = List.copyOf(heard);
        assertThat(all.subList(all.indexOf("fenced"), all.size()))
                .startsWith("fenced", "rejoined bob", "heartbeat with 1");
        assertThat(all).containsOnlyOnce("fenced", "rejoined bob");
        await().until(bob::current);
    }

    @Tag("slow")
    @Test
    void anOutageThatAllShareTakesOutNobody() {
        Membership ann = member("ann", gate);
        Membership bob = member("bob", gate);
        await().until(() -> !ann.others().isEmpty() && !bob.others().isEmpty());
        ann.listen(liveness());
        bob.listen(liveness());
        gate.shut();
        await().until(() -> !ann.current() && !bob.current());
        await().during(Duration.ofSeconds(4)).until(gate::isShut);
        gate.open();
        await().until(() -> ann.current() && bob.current());
        await().during(Duration.ofMillis(500)).until(() -> ann.current() && bob.current());
        assertThat(heard).isEmpty();
    }

    @Test
    void heartbeatsGoOnWhileVirtualThreadsAreBusy() {
        Membership ann = member("ann", gate);
        AtomicBoolean busy = new AtomicBoolean(true);
        AtomicInteger beats = new AtomicInteger();
        ann.listen(new MembershipListener() {
            @Override
            public void heartbeat(Members members) {
                beats.incrementAndGet();
            }
        });
        try (ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                handlers.execute(() -> {
                    while (busy.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            try {
                CountDownLatch starved = new CountDownLatch(1);
                handlers.execute(starved::countDown);
                int before = beats.get();
                await().until(() -> beats.get() >= before + 5);
                assertThat(starved.getCount())
                        .as("a virtual thread that waits for its turn")
                        .isEqualTo(1);
            } finally {
                busy.set(false);
            }
        }
    }

    @Test
    void theClockIsTheStores() {
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));
        Membership ann = member("ann", new MemoryMemberStore(ahead));
        await().until(() -> ann.skew().compareTo(Duration.ofMinutes(9)) > 0);
        assertThat(Duration.between(ann.clock().instant(), ahead.instant()).abs())
                .isLessThan(Duration.ofSeconds(5));
    }

    private Membership member(String name, MemberStore store) {
        return member(name, store, QUICK);
    }

    private Membership member(String name, MemberStore store, MembershipSettings settings) {
        Membership membership = new Membership(
                store,
                new Member(UUID.randomUUID(), name, "", Role.ALL, false, 0),
                settings,
                System::nanoTime,
                Clock.systemUTC());
        started.add(membership);
        membership.start();
        return membership;
    }

    private MembershipListener fencing() {
        return new MembershipListener() {
            @Override
            public void fenced() {
                heard.add("fenced");
            }

            @Override
            public void heartbeat(Members members) {
                heard.add("heartbeat with " + members.others().size());
            }
        };
    }

    private MembershipListener liveness() {
        return new MembershipListener() {
            @Override
            public void joined(Member member) {
                heard.add("joined " + member.instance());
            }

            @Override
            public void left(Member member) {
                heard.add("left " + member.instance());
            }

            @Override
            public void changed(Member member) {
                heard.add("changed " + member.instance());
            }

            @Override
            public void rejoined(Member self) {
                heard.add("rejoined " + self.instance());
            }
        };
    }
}
