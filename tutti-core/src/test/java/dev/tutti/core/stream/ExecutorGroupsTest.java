package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.core.fixture.TaskQueue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ExecutorGroupsTest {
    private final ExecutorGroups<Person> groups = new ExecutorGroups<>();
    private final TaskQueue loop = new TaskQueue();
    private final TaskQueue other = new TaskQueue();

    private static final class Person extends ExecutorGroups.GroupMember {
        final Executor loop;
        final List<String> heard = new ArrayList<>();
        final boolean throwing;
        boolean failed;

        Person(Executor loop, boolean throwing) {
            this.loop = loop;
            this.throwing = throwing;
        }

        @Override
        protected Executor executor() {
            return loop;
        }

        @Override
        protected void failed(Throwable defect) {
            failed = true;
            throw new IllegalStateException("and even telling it fails");
        }

        void hear(EncodeOnce<String> word) {
            if (throwing) {
                throw new AssertionError("the member's own failure");
            }
            heard.add(word.value());
        }
    }

    private Person join(TaskQueue at, boolean throwing) {
        Person person = new Person(at, throwing);
        groups.add(person);
        return person;
    }

    private Set<Executor> behind() {
        Set<Executor> behind = new HashSet<>();
        groups.behind(behind);
        return behind;
    }

    private void say(String word) {
        groups.each(word, Person::hear);
        loop.run();
        other.run();
    }

    @Test
    void whateverOneMemberThrowsNobodyElseNotices() {
        Person first = join(loop, false);
        Person broken = join(loop, true);
        Person second = join(loop, false);
        Person elsewhere = join(other, false);
        say("hello");
        assertThat(broken.failed).isTrue();
        assertThat(List.of(first, second, elsewhere))
                .allSatisfy(person -> assertThat(person.heard).containsExactly("hello"));
    }

    @Test
    void membersWhoseExecutorTookNothingFailAndOthersDoNot() {
        Person missed = join(loop, false);
        Person elsewhere = join(other, false);
        say("one");
        loop.full = true;
        say("two");
        loop.full = false;
        say("three");
        assertThat(missed.failed).isTrue();
        assertThat(elsewhere.failed).isFalse();
        assertThat(elsewhere.heard).containsExactly("one", "two", "three");
    }

    @Test
    void anExecutorIsBehindUntilItTakesTheFailureOfItsMembers() {
        Person missed = join(loop, false);
        Person elsewhere = join(other, false);
        loop.full = true;
        say("one");
        groups.mend();
        assertThat(behind()).containsExactly(loop);
        loop.full = false;
        groups.mend();
        assertThat(behind()).isEmpty();
        loop.run();
        assertThat(missed.failed).isTrue();
        assertThat(missed.heard).isEmpty();
        assertThat(elsewhere.failed).isFalse();
        assertThat(elsewhere.heard).containsExactly("one");
    }

    @Test
    void aLostAdditionIsThrownAndTakesNobodyOut() {
        Person first = join(loop, false);
        Person lost = new Person(loop, false);
        loop.full = true;
        assertThatThrownBy(() -> groups.add(lost)).isInstanceOf(OutOfMemoryError.class);
        loop.full = false;
        say("hello");
        assertThat(first.heard).containsExactly("hello");
        assertThat(first.failed).isFalse();
        assertThat(lost.heard).isEmpty();
        groups.remove(first);
        assertThat(groups.isEmpty()).isTrue();
    }

    @Test
    void anAdditionThatWasThrownIsNoneAlthoughItsTaskRuns() {
        Person first = join(loop, false);
        Person lost = new Person(loop, false);
        loop.takesAndThrows = true;
        assertThatThrownBy(() -> groups.add(lost)).isInstanceOf(OutOfMemoryError.class);
        loop.takesAndThrows = false;
        say("hello");
        assertThat(first.heard).containsExactly("hello");
        assertThat(lost.heard).isEmpty();
    }

    @Test
    void aLostRemovalIsDoneWithTheNextTask() {
        Person stays = join(loop, false);
        Person leaves = join(loop, false);
        say("one");
        loop.full = true;
        groups.remove(leaves);
        loop.full = false;
        say("two");
        assertThat(leaves.heard).containsExactly("one");
        assertThat(stays.heard).containsExactly("one", "two");
        assertThat(stays.failed).isFalse();
        groups.remove(stays);
        assertThat(groups.isEmpty()).isTrue();
    }

    @Test
    void membersLeaveInAnyOrder() {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            people.add(join(loop, false));
        }
        groups.remove(people.get(3));
        groups.remove(people.get(9));
        groups.remove(people.get(0));
        say("hello");
        assertThat(people)
                .filteredOn(person -> person.heard.isEmpty())
                .containsExactly(people.get(0), people.get(3), people.get(9));
    }
}
