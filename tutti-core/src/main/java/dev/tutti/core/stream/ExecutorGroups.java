package dev.tutti.core.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members by the executor each of them lives on, so that one task an executor reaches them all.
 *
 * <p>Which executors there are is guarded by this object's lock; who is a member is known to each executor alone, so that
 * passing something on takes no lock and copies nothing.
 */
public final class ExecutorGroups<M extends ExecutorGroups.Member> {
    private static final Logger log = LoggerFactory.getLogger(ExecutorGroups.class);

    /** What a roster needs of its members. */
    public abstract static class Member {
        private int slot; // where it stands in its group, so that leaving a large one is quick

        /** Runs tasks one at a time, in order; always the same. */
        protected abstract Executor executor();

        /** What was passed on to this member ended by {@code defect}; on its executor. */
        protected void failed(Throwable defect) {
            log.error("Something was not passed on to {}", this, defect);
        }

        /** Runs {@code step}, on the executor already: whatever it throws is this member's failure, and nobody else's. */
        final void guarded(Runnable step) {
            try {
                step.run();
            } catch (Throwable defect) {
                fail(this, defect);
            }
        }
    }

    private static void fail(Member member, Throwable defect) {
        try {
            member.failed(defect);
        } catch (Throwable again) {
            log.error("{} could not be told that it failed", member, again);
        }
    }

    /** The members of one executor. */
    public static final class Group<M extends Member> {
        private final Executor executor;
        private final List<M> members = new ArrayList<>(2);
        private int size; // guarded by the roster
        private boolean lost; // whether a task was not taken; guarded by the roster

        private Group(Executor executor) {
            this.executor = executor;
        }

        /** Where they live. */
        public Executor executor() {
            return executor;
        }

        /** The members; only on their executor. */
        public List<M> members() {
            return members;
        }

        private void add(M member) {
            moved(member, members.size());
            members.add(member);
        }

        private void remove(M member) {
            int slot = ((Member) member).slot;
            M last = members.removeLast();
            if (slot < members.size()) {
                members.set(slot, last);
                moved(last, slot);
            }
        }

        private void moved(Member member, int slot) {
            member.slot = slot;
        }
    }

    private volatile List<Group<M>> groups = List.of(); // few, and seldom others

    /** One without members. */
    public ExecutorGroups() {}

    /** Adds a member, once. What is passed on from now on reaches it. */
    public synchronized void add(M member) {
        Group<M> group = group(member.executor());
        group.size++;
        post(group, () -> group.add(member));
    }

    /** Removes a member that was added, once. */
    public synchronized void remove(M member) {
        Group<M> group = group(member.executor());
        group.size--;
        if (group.size <= 0) {
            groups = groups.stream().filter(other -> other.size > 0).toList();
        }
        post(group, () -> group.remove(member));
    }

    /** Whether there are no members. */
    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** The members by executor, at this moment. */
    public List<Group<M>> groups() {
        return groups;
    }

    /**
     * Shows {@code value} to each member by {@code visit}, in one task an executor. A member that throws has {@link
     * Member#failed} and holds up nobody. Calls by one thread keep their order.
     */
    public synchronized <T> void each(T value, BiConsumer<M, EncodeOnce<T>> visit) {
        groups.forEach(group -> post(group, () -> visit(group.members, value, visit)));
    }

    private static <M extends Member, T> void visit(List<M> members, T value, BiConsumer<M, EncodeOnce<T>> visit) {
        try (EncodeOnce<T> shared = new EncodeOnce<>(value)) {
            for (int i = 0; i < members.size(); i++) {
                try {
                    visit.accept(members.get(i), shared);
                } catch (Throwable defect) {
                    fail(members.get(i), defect);
                }
            }
        }
    }

    private Group<M> group(Executor executor) {
        for (Group<M> known : groups) {
            if (known.executor.equals(executor)) {
                return known;
            }
        }
        Group<M> fresh = new Group<>(executor);
        List<Group<M>> more = new ArrayList<>(groups);
        more.add(fresh);
        groups = List.copyOf(more);
        return fresh;
    }

    private static void post(Group<?> group, Runnable task) {
        try {
            group.executor.execute(group.lost ? () -> failAll(group.members, task) : task);
            group.lost = false;
        } catch (RejectedExecutionException closed) {
            log.debug("An event loop is closed, and its members with it", closed);
        } catch (Throwable notTaken) {
            group.lost = true;
            log.error("{} took no task; its members begin anew when it does", group.executor, notTaken);
        }
    }

    private static void failAll(List<? extends Member> members, Runnable task) {
        Throwable reason = new IllegalStateException("the executor did not take what was passed on before");
        for (Member member : List.copyOf(members)) {
            fail(member, reason);
        }
        task.run();
    }
}
