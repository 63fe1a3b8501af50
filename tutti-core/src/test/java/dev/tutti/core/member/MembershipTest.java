package dev.tutti.core.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.MembershipListener;
import dev.tutti.memory.MemoryMemberStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final MembershipSettings QUICK =
            new MembershipSettings(Duration.ofMillis(50), Duration.ofMillis(400));

    private final Gate gate = new Gate(new MemoryMemberStore(Clock.systemUTC()));
    private final List<Membership> started = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        gate.shut = false;
        started.forEach(Membership::close);
    }

    @Test
    void eachHearsOfTheOthersComingAndGoing() {
        Membership ann = member("ann", gate);
        ann.listen(hearing());
        Membership bob = member("bob", gate);
        await().until(() -> heard.contains("joined bob"));
        assertThat(bob.others()).extracting(Member::instance).containsExactly("ann");

        bob.say(Member::leaving);
        await().until(() -> heard.contains("changed bob"));
        assertThat(ann.others()).allMatch(Member::draining);
        bob.close();
        await().until(() -> heard.contains("left bob"));
        assertThat(ann.others()).isEmpty();
        assertThat(bob.current()).isFalse();
    }

    @Test
    void whoCannotReachTheStoreKnowsItBeforeTheOthersDo() {
        Membership ann = member("ann", gate.open());
        Membership bob = member("bob", gate);
        await().until(() -> !ann.others().isEmpty());
        ann.listen(new MembershipListener() {
            @Override
            public void left(Member member) {
                heard.add("left while it thinks itself current: " + bob.current());
            }
        });
        gate.shut = true;
        await().until(() -> !heard.isEmpty());
        assertThat(heard).containsExactly("left while it thinks itself current: false");
        assertThat(bob.others()).as("nobody is taken for dead by who is blind").hasSize(1);
    }

    @Test
    void whoWasTakenForDeadComesBackInAnotherLife() {
        Membership ann = member("ann", gate.open());
        Membership bob = member("bob", gate);
        bob.listen(hearing());
        UUID before = bob.self().incarnation();
        gate.shut = true;
        await().until(() -> ann.others().isEmpty());
        gate.shut = false;
        await().until(() -> !ann.others().isEmpty());
        assertThat(bob.self().incarnation()).isNotEqualTo(before);
        assertThat(heard).contains("reborn bob");
        await().until(bob::current);
    }

    private Membership member(String name, MemberStore store) {
        Membership membership = new Membership(
                store, new Member(UUID.randomUUID(), name, "", "all", false, 0), QUICK, System::nanoTime);
        started.add(membership);
        membership.start();
        return membership;
    }

    private MembershipListener hearing() {
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
            public void reborn(Member self) {
                heard.add("reborn " + self.instance());
            }
        };
    }

    /** A way to the store that a test can shut. */
    private static final class Gate implements MemberStore {
        private final MemberStore store;
        private volatile boolean shut;

        Gate(MemberStore store) {
            this.store = store;
        }

        /** The same store, always reached. */
        MemberStore open() {
            return store;
        }

        private MemberStore way() {
            if (shut) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
            }
            return store;
        }

        @Override
        public void join(Member member) {
            way().join(member);
        }

        @Override
        public List<Member> beat(Member member, Duration silence) {
            return way().beat(member, silence);
        }

        @Override
        public void leave(UUID incarnation) {
            way().leave(incarnation);
        }
    }
}
