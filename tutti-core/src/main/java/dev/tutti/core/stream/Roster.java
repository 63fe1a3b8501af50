package dev.tutti.core.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
final class Roster<M extends Roster.Member> {
    private static final Logger log = LoggerFactory.getLogger(Roster.class);

    /** What a roster needs of its members. */
    abstract static class Member {
        private int slot; // where it stands in its group, so that leaving a large one is quick

        /** Runs tasks one at a time, in order; always the same. */
        abstract Executor executor();
    }

    private final class Group {
        private final List<M> members = new ArrayList<>();
        private int size;

        void add(M member) {
            moved(member, members.size());
            members.add(member);
        }

        void remove(M member) {
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

    private final Map<Executor, Group> groups = new HashMap<>();

    /** Adds a member, once. What is passed on from now on reaches it. */
    synchronized void add(M member) {
        Group group = groups.computeIfAbsent(member.executor(), _ -> new Group());
        group.size++;
        post(member.executor(), () -> group.add(member));
    }

    /** Removes a member that was added, once. */
    synchronized void remove(M member) {
        Group group = groups.get(member.executor());
        if (group == null) {
            return;
        }
        group.size--;
        if (group.size == 0) {
            groups.remove(member.executor());
        }
        post(member.executor(), () -> group.remove(member));
    }

    synchronized boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Runs {@code task} once on each executor with its members. Calls by one thread keep their order. */
    synchronized void each(Consumer<List<M>> task) {
        groups.forEach((executor, group) -> post(executor, () -> task.accept(group.members)));
    }

    private static void post(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            log.debug("An event loop is closed, and its subscribers with it", closed);
        }
    }
}
