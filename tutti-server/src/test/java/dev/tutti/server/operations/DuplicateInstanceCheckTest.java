package dev.tutti.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.member.Member;
import dev.tutti.member.Role;
import dev.tutti.testkit.fixture.StubMembers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DuplicateInstanceCheckTest {
    private final Member self = member("a");
    private final AtomicLong now = new AtomicLong();
    private final DuplicateInstanceCheck watching = new DuplicateInstanceCheck(now::get);

    @Test
    void anotherLiveProcessOfThisNameIsFoundAndForgottenWhenItIsGone() {
        Member other = member("a");
        heartbeat(member("b"), other);
        pass();
        heartbeat(other);
        assertThat(watching.found()).isTrue();

        heartbeat(member("b"));
        assertThat(watching.found()).isFalse();
    }

    @Test
    void theFormerSelfOfAProcessThatWasKilledIsNone() {
        heartbeat(member("a"));
        assertThat(watching.found()).isFalse();
        pass();
        heartbeat();
        heartbeat(member("a"));
        assertThat(watching.found()).isFalse();
    }

    private void pass() {
        now.addAndGet(DuplicateInstanceCheck.PATIENCE.toNanos() + 1);
    }

    private static Member member(String name) {
        return new Member(UUID.randomUUID(), name, "", Role.ALL, false, 0);
    }

    /** A heartbeat of instance a, which sees {@code others}. */
    private void heartbeat(Member... others) {
        StubMembers members = new StubMembers(self);
        List.of(others).forEach(members::join);
        watching.heartbeat(members);
    }
}
