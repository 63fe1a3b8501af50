package dev.tutti.core.stream;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members by the executor each of them lives on, so that one task an executor reaches them all.
 *
 * <p>The list of executors is guarded by this object's lock. The members of an executor are known to that executor alone, so that
 * passing something on takes no lock and copies nothing.
 *
 * <p>An executor may throw in the place of taking a task. Its members have then missed something: they fail before anything later
 * reaches them, with the next task that is taken, and {@link #behind} names the executor until there is one.
 */
public final class ExecutorGroups<M extends ExecutorGroups.GroupMember> {
    private static final Logger log = LoggerFactory.getLogger(ExecutorGroups.class);

    /** A member, with what the groups need of it. */
    public abstract static class GroupMember {
        private int slot; // where it stands in its group, so that leaving a large one is quick
        private boolean gone; // although it may stand in its group, as a task was not taken; guarded by the groups

        /** Runs tasks one at a time, in order; always the same. */
        protected abstract Executor executor();

        /** Something that was passed on to this member ended by {@code defect}; called on its executor. */
        protected void failed(Throwable defect) {
            log.error("Something was not passed on to {}", this, defect);
        }

        /** Runs {@code step}, on the executor already: anything that it throws is this member's failure, and nobody else's. */
        final void guarded(Runnable step) {
            try {
                step.run();
            } catch (Throwable defect) {
                fail(this, defect);
            }
        }
    }

    private static void nothing() {}

    private static void fail(GroupMember member, Throwable defect) {
        try {
            member.failed(defect);
        } catch (Throwable again) { // which must not reach the next member
            Failures.note("Telling somebody that something was not passed on", again);
        }
    }

    /** The members of one executor. */
    public static final class Group<M extends GroupMember> {
        private final Executor executor;
        private final List<M> members = new ArrayList<>(2);
        private int size; // guarded by the groups
        private boolean stale; // whether one who is gone may stand here; guarded by the groups
        private @Nullable Throwable missed; // thrown in the place of taking something for them; guarded by the groups

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
            if (((GroupMember) member).gone) {
                return; // its executor took the task, and yet threw
            }
            try {
                moved(member, members.size());
                members.add(member);
            } catch (Throwable noMemory) {
                fail(member, noMemory);
            }
        }

        private void remove(M member) {
            int slot = ((GroupMember) member).slot;
            if (slot >= members.size() || !members.get(slot).equals(member)) {
                return; // it does not stand here
            }
            M last = members.removeLast();
            if (slot < members.size()) {
                members.set(slot, last);
                moved(last, slot);
            }
        }

        private void moved(GroupMember member, int slot) {
            member.slot = slot;
        }

        /** Lets go those who are gone, and has the others fail by {@code reason}, if they missed something. */
        private void mend(@Nullable Throwable reason) {
            for (int i = members.size() - 1; i >= 0; i--) {
                M member = members.get(i);
                if (((GroupMember) member).gone) {
                    remove(member);
                } else if (reason != null) {
                    fail(member, reason);
                }
            }
        }
    }

    private volatile List<Group<M>> groups = List.of(); // few, and seldom others
    private volatile boolean untaken; // whether a group has missed something, or is stale

    /** One without members. */
    public ExecutorGroups() {}

    /**
     * Adds a member, once. Everything that is passed on from now on reaches it. If its executor throws in the place of taking it,
     * that is thrown, {@link RejectedExecutionException} for example, and it is no member.
     */
    public synchronized void add(M member) {
        Group<M> group = group(member.executor());
        group.size++;
        try {
            post(group, () -> group.add(member));
        } catch (Throwable notTaken) {
            gone(group, member); // should the executor run it nevertheless
            left(group);
            throw notTaken;
        }
    }

    /** Removes a member that was added, once. If its executor does not take that, it is done with the next task. */
    public synchronized void remove(M member) {
        Group<M> group = group(member.executor());
        left(group);
        try {
            post(group, () -> group.remove(member));
        } catch (Throwable notTaken) {
            gone(group, member);
            note(notTaken);
        }
    }

    private void left(Group<M> group) {
        group.size--;
        if (group.size <= 0) {
            groups = groups.stream().filter(other -> other.size > 0).toList();
        }
    }

    private void gone(Group<M> group, GroupMember member) {
        member.gone = true;
        group.stale = true;
        untaken = true;
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
     * GroupMember#failed} and holds up nobody. Calls by one thread keep their order.
     */
    public <T> void each(T value, BiConsumer<M, EncodeOnce<T>> visit) {
        each(value, visit, Set.of());
    }

    /** The same, but for the members who live on {@code except}. */
    synchronized <T> void each(T value, BiConsumer<M, EncodeOnce<T>> visit, Set<Executor> except) {
        List<Group<M>> all = groups;
        for (int i = 0; i < all.size(); i++) {
            Group<M> group = all.get(i);
            if (!except.contains(group.executor)) {
                try {
                    post(group, () -> visit(group.members, value, visit));
                } catch (Throwable notTaken) {
                    group.missed = notTaken;
                    untaken = true;
                    note(notTaken);
                }
            }
        }
    }

    private static <M extends GroupMember, T> void visit(List<M> members, T value, BiConsumer<M, EncodeOnce<T>> visit) {
        int i = 0;
        try (EncodeOnce<T> encoded = new EncodeOnce<>(value)) {
            for (; i < members.size(); i++) {
                try {
                    visit.accept(members.get(i), encoded);
                } catch (Throwable defect) {
                    fail(members.get(i), defect);
                }
            }
        } catch (Throwable noMemory) { // or an encoding that could not be closed, when all have been visited
            Failures.note("Passing something on", noMemory);
            for (; i < members.size(); i++) {
                fail(members.get(i), noMemory);
            }
        }
    }

    /**
     * Adds to {@code executors} those whose members have missed something and are not about to fail for it. An executor that is left out
     * here runs what it is given later behind their failure.
     */
    void behind(Set<Executor> executors) {
        if (untaken) {
            synchronized (this) {
                for (Group<M> group : groups) {
                    if (group.missed != null) {
                        executors.add(group.executor);
                    }
                }
            }
        }
    }

    /** Tries again to reach the executors that did not take something. To be called now and then. */
    void mend() {
        if (untaken) {
            mendAll();
        }
    }

    private synchronized void mendAll() {
        boolean again = false;
        for (Group<M> group : groups) {
            if (group.missed != null || group.stale) {
                try {
                    post(group, ExecutorGroups::nothing);
                } catch (Throwable notTaken) {
                    again = true;
                    note(notTaken);
                }
            }
        }
        untaken = again;
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

    /** Gives {@code task} to the group's executor, behind what it owes its members; throws if that does not take it. */
    private static void post(Group<?> group, Runnable task) {
        Throwable missed = group.missed;
        if (missed == null && !group.stale) {
            group.executor.execute(task);
            return;
        }
        group.executor.execute(() -> {
            group.mend(missed);
            task.run();
        });
        group.missed = null;
        group.stale = false;
    }

    private static void note(Throwable notTaken) {
        if (notTaken instanceof RejectedExecutionException) {
            log.debug("An event loop is closed, and its members with it", notTaken);
        } else {
            Failures.note("Giving a task to an event loop", notTaken);
        }
    }
}
