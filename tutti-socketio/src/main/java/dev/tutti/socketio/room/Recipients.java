package dev.tutti.socketio.room;

import dev.tutti.concurrent.Failures;
import dev.tutti.core.stream.ExecutorGroups.Group;
import dev.tutti.socketio.room.Rooms.RoomMembership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of this instance that a {@link Target} means, by event loop. Made on any thread; their exact set is
 * found out on each loop.
 */
public final class Recipients {
    /** The sockets that live on one event loop. */
    public interface Part {
        Executor loop();

        /**
         * Shows each of them to {@code visit}, once; to be called on the loop, once. One at which {@code visit} throws
         * has {@link SocketOutbox#failed}, and the others do not notice.
         */
        void each(Consumer<LocalSocket> visit);
    }

    /** Everybody in one room: nobody can be met twice. */
    private record Whole(Group<RoomMembership> group) implements Part {
        @Override
        public Executor loop() {
            return group.executor();
        }

        @Override
        public void each(Consumer<LocalSocket> visit) {
            for (RoomMembership member : group.members()) {
                show(member.socket(), visit);
            }
        }
    }

    /** Some rooms without others. */
    private static final class Chosen implements Part {
        private final Executor loop;
        private final long round;
        private final List<Group<RoomMembership>> groups = new ArrayList<>(1);
        private final List<LocalSocket> single = new ArrayList<>(0);
        private final List<Group<RoomMembership>> withoutGroups = new ArrayList<>(0);
        private final List<LocalSocket> withoutSingle = new ArrayList<>(0);

        Chosen(Executor loop, long round) {
            this.loop = loop;
            this.round = round;
        }

        @Override
        public Executor loop() {
            return loop;
        }

        @Override
        public void each(Consumer<LocalSocket> visit) {
            withoutSingle.forEach(socket -> socket.meet(round));
            withoutGroups.forEach(group -> new Whole(group).each(socket -> socket.meet(round)));
            Consumer<LocalSocket> once = socket -> {
                if (socket.meet(round)) {
                    show(socket, visit);
                }
            };
            single.forEach(once);
            groups.forEach(group -> new Whole(group).each(once));
        }
    }

    private static void show(LocalSocket socket, Consumer<LocalSocket> visit) {
        try {
            visit.accept(socket);
        } catch (Throwable defect) {
            socket.outbox().failed(defect);
        }
    }

    /** Numbers the rounds in which a socket must be met once only; a socket remembers the last one it was met in. */
    private static final AtomicLong ROUNDS = new AtomicLong();

    private final List<? extends Part> parts;

    private Recipients(List<? extends Part> parts) {
        this.parts = parts;
    }

    /** The sockets that {@code who} means, of those {@code here}. */
    public static Recipients of(Rooms here, Target who) {
        List<String> without = who.without().stream().filter(here::hasHere).toList();
        List<String> rooms = who.rooms();
        if (rooms.isEmpty() && without.isEmpty()) {
            return whole(here.everybody());
        }
        if (rooms.size() == 1 && without.isEmpty() && here.socket(rooms.getFirst()) == null) {
            return whole(here.in(rooms.getFirst()));
        }
        return chosen(here, rooms, without);
    }

    private static Recipients whole(List<Group<RoomMembership>> groups) {
        return new Recipients(groups.stream().map(Whole::new).toList());
    }

    private static Recipients chosen(Rooms here, List<String> rooms, List<String> without) {
        long round = ROUNDS.incrementAndGet();
        Map<Executor, Chosen> parts = new HashMap<>();
        if (rooms.isEmpty()) {
            for (Group<RoomMembership> group : here.everybody()) {
                parts.computeIfAbsent(group.executor(), loop -> new Chosen(loop, round))
                        .groups
                        .add(group);
            }
        }
        for (String room : rooms) {
            @Nullable LocalSocket single = here.socket(room);
            if (single != null) {
                parts.computeIfAbsent(single.loop(), loop -> new Chosen(loop, round))
                        .single
                        .add(single);
            }
            for (Group<RoomMembership> group : here.in(room)) {
                parts.computeIfAbsent(group.executor(), loop -> new Chosen(loop, round))
                        .groups
                        .add(group);
            }
        }
        for (String room : without) {
            @Nullable LocalSocket single = here.socket(room);
            if (single != null && parts.containsKey(single.loop())) {
                parts.get(single.loop()).withoutSingle.add(single);
            }
            for (Group<RoomMembership> group : here.in(room)) {
                if (parts.containsKey(group.executor())) {
                    parts.get(group.executor()).withoutGroups.add(group);
                }
            }
        }
        return new Recipients(List.copyOf(parts.values()));
    }

    /**
     * Runs {@code task} once on each event loop that has some of them. A loop that throws in the place of taking it keeps it from no
     * other: what the first of these threw is thrown when all have been given it, and what others threw is noted, unless they are closed.
     */
    public void onEachLoop(Consumer<Part> task) {
        give(parts.iterator(), task);
    }

    private static void give(Iterator<? extends Part> left, Consumer<Part> task) {
        while (left.hasNext()) {
            Part part = left.next();
            try {
                part.loop().execute(() -> task.accept(part));
            } catch (Throwable notTaken) {
                giveOthers(left, task);
                throw notTaken;
            }
        }
    }

    private static void giveOthers(Iterator<? extends Part> left, Consumer<Part> task) {
        try {
            give(left, task);
        } catch (RejectedExecutionException _) {
            // an event loop is closed, and its sockets with it
        } catch (Throwable notTaken) {
            Failures.note("Giving a task to an event loop", notTaken);
        }
    }

    /**
     * As {@link #onEachLoop}; what is returned completes when all have run, on one of the loops, and fails then if one has thrown or was
     * not taken.
     */
    public CompletableFuture<Void> afterEachLoop(Consumer<Part> task) {
        return CompletableFuture.allOf(
                parts.stream().map(part -> given(part, task)).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> given(Part part, Consumer<Part> task) {
        try {
            return CompletableFuture.runAsync(() -> task.accept(part), part.loop());
        } catch (Throwable notTaken) {
            return CompletableFuture.failedFuture(notTaken);
        }
    }
}
