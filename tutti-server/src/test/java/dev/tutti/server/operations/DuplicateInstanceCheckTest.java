package dev.tutti.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ListenerRegistration;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.member.Role;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DuplicateInstanceCheckTest {
    private final AtomicLong now = new AtomicLong();
    private final DuplicateInstanceCheck watching = new DuplicateInstanceCheck(now::get);

    @Test
    void anotherLiveProcessOfThisNameIsFoundAndForgottenWhenItIsGone() {
        Member other = member("a");
        watching.heartbeat(new Seen(List.of(member("b"), other)));
        pass();
        watching.heartbeat(new Seen(List.of(other)));
        assertThat(watching.found()).isTrue();

        watching.heartbeat(new Seen(List.of(member("b"))));
        assertThat(watching.found()).isFalse();
    }

    @Test
    void theFormerSelfOfAProcessThatWasKilledIsNone() {
        watching.heartbeat(new Seen(List.of(member("a"))));
        assertThat(watching.found()).isFalse();
        pass();
        watching.heartbeat(new Seen(List.of()));
        watching.heartbeat(new Seen(List.of(member("a"))));
        assertThat(watching.found()).isFalse();
    }

    private void pass() {
        now.addAndGet(DuplicateInstanceCheck.PATIENCE.toNanos() + 1);
    }

    private static Member member(String name) {
        return new Member(UUID.randomUUID(), name, "", Role.ALL, false, 0);
    }

    private record Seen(List<Member> others) implements Members {
        @Override
        public Member self() {
            return member("a");
        }

        @Override
        public boolean current() {
            return true;
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public void updateSelf(UnaryOperator<Member> change) {}

        @Override
        public ListenerRegistration listen(MembershipListener listener) {
            return () -> {};
        }
    }
}
