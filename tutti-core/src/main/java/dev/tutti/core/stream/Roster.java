package dev.tutti.core.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members by the executor each of them lives on, so that one task an executor reaches them all.
 *
 * <p>Which executors there are is guarded by this object's lock; who is a member is known to each executor alone, so that
 * passing something on takes no lock and copies nothing.
 */
public final class Roster<M extends Roster.Member> {
    private static final Logger log = LoggerFactory.getLogger(Roster.class);

    /** What a roster needs of its members. */
    public abstract static class Member {
        private int slot; // where it stands in its group, so that leaving a large one is quick

        /** Runs tasks one at a time, in order; always the same. */
        protected abstract Executor executor();
    }

    /** The members of one executor. */
    public static final class Group<M extends Member> {
        private final Executor executor;
        private final List<M> members = new ArrayList<>(2);
        private int size; // guarded by the roster

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
    public Roster() {}

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

    /** Runs {@code task} once on each executor with its members. Calls by one thread keep their order. */
    public synchronized void each(Consumer<List<M>> task) {
        groups.forEach(group -> post(group, () -> task.accept(group.members)));
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
            group.executor.execute(task);
        } catch (RejectedExecutionException closed) {
            log.debug("An event loop is closed, and its members with it", closed);
        }
    }
}
