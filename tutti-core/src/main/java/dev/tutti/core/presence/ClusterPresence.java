package dev.tutti.core.presence;

import dev.tutti.bus.Topics;
import dev.tutti.concurrent.Periodic;
import dev.tutti.core.presence.PresenceState.Difference;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.presence.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Keeps a {@link PresenceState} like those of the other instances: tells them what changes here ten times a second, and
 * asks those of whom it has missed something. How much each has told is part of its heartbeat, so that nothing that is
 * missed stays unnoticed.
 *
 * <p>Safe for use by many threads; this object's lock guards the state. One virtual thread speaks.
 */
public final class ClusterPresence implements Presence, AutoCloseable {
    private static final String EVERYBODY = "all";
    private static final int PART = 2_000;

    private final Members members;
    private final PresenceSettings settings;
    private final LongSupplier ticker;
    private final Topics topics;
    private final PresenceState state = new PresenceState();
    private final Map<UUID, List<Key>> parts = new HashMap<>(); // of what is being told whole
    private final Map<UUID, Long> heard = new HashMap<>(); // revisions as of the heartbeat before
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Periodic speaking;
    private UUID self;

    /** With the others among {@code members}, over {@code bus}; {@code ticker} counts nanoseconds. */
    public ClusterPresence(Members members, Topics.Source bus, PresenceSettings settings, LongSupplier ticker) {
        this.members = members;
        this.settings = settings;
        this.ticker = ticker;
        this.self = members.self().incarnation();
        this.topics =
                bus.topics(Topics.Family.sealed("presence", 1), (_, payload) -> heard(PresenceMessage.read(payload)));
        topics.subscribe(EVERYBODY);
        topics.subscribe(self.toString());
        members.listen(new Heartbeats());
        members.others().forEach(this::askFor);
        this.speaking = new Periodic("tutti-presence", settings.pace(), this::speak);
    }

    @Override
    public Visit enter(String place, String person) {
        if (place.length() > MAX_NAME || person.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "place '" + place + "', person '" + person + "'; allowed are " + MAX_NAME + " characters each");
        }
        Key key = new Key(place, person);
        synchronized (this) {
            state.enter(key);
        }
        AtomicBoolean there = new AtomicBoolean(true);
        return new Visit() {
            @Override
            public void close() {
                end(0);
            }

            @Override
            public void lost() {
                end(settings.grace().toNanos());
            }

            private void end(long grace) {
                if (there.getAndSet(false)) {
                    leave(key, grace);
                }
            }
        };
    }

    private synchronized void leave(Key key, long grace) {
        state.leave(key, ticker.getAsLong() + grace);
    }

    @Override
    public synchronized Set<String> online(String place) {
        return state.online(place);
    }

    @Override
    public synchronized boolean isOnline(String place, String person) {
        return state.isOnline(new Key(place, person));
    }

    @Override
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    private void speak() {
        List<Change> changes;
        synchronized (this) {
            state.pass(ticker.getAsLong());
            Difference difference = state.difference();
            if (difference.to() > difference.from()) {
                members.say(member -> member.revised(difference.to()));
                topics.publish(EVERYBODY, new PresenceMessage.Changed(self, difference).bytes());
            }
            changes = state.changes();
        }
        if (!changes.isEmpty()) {
            watchers.forEach(watcher -> watcher.changed(changes));
        }
    }

    private synchronized void heard(PresenceMessage message) {
        if (members.others().stream().noneMatch(member -> member.incarnation().equals(message.from()))) {
            return; // who joins is asked as soon as that is known here
        }
        switch (message) {
            case PresenceMessage.Changed(UUID from, Difference difference) -> {
                if (!state.apply(from, difference)) {
                    ask(from);
                }
            }
            case PresenceMessage.Wanted(UUID from) -> tellAll(from);
            case PresenceMessage.Part part -> take(part);
        }
    }

    private void take(PresenceMessage.Part part) {
        if (part.first()) {
            parts.put(part.from(), new ArrayList<>());
        }
        List<Key> all = parts.get(part.from());
        if (all != null) {
            all.addAll(part.keys());
            if (part.last()) {
                parts.remove(part.from());
                state.replace(part.from(), part.revision(), all);
            }
        }
    }

    private void tellAll(UUID to) {
        List<Key> all = List.copyOf(state.told());
        int from = 0;
        do {
            int end = Math.min(from + PART, all.size());
            PresenceMessage part = new PresenceMessage.Part(
                    self, state.revision(), from == 0, end == all.size(), all.subList(from, end));
            topics.publish(to.toString(), part.bytes());
            from = end;
        } while (from < all.size());
    }

    private void askFor(Member member) {
        ask(member.incarnation());
    }

    private void ask(UUID instance) {
        topics.publish(instance.toString(), new PresenceMessage.Wanted(self).bytes());
    }

    /** What the membership says. */
    private final class Heartbeats implements MembershipListener {
        @Override
        public void joined(Member member) {
            synchronized (ClusterPresence.this) {
                askFor(member);
            }
        }

        @Override
        public void left(Member member) {
            long grace = (member.draining() ? settings.grace() : settings.graceOfTheDead()).toNanos();
            synchronized (ClusterPresence.this) {
                heard.remove(member.incarnation());
                parts.remove(member.incarnation());
                state.left(member.incarnation(), ticker.getAsLong() + grace);
            }
        }

        /** The others know this instance's people by its former life, and ask for them anew. */
        @Override
        public void reborn(Member member) {
            synchronized (ClusterPresence.this) {
                topics.unsubscribe(self.toString());
                self = member.incarnation();
                topics.subscribe(self.toString());
            }
        }

        /** What was told before the last heartbeat and has not come by this one is lost. */
        @Override
        public void beaten(Members now) {
            synchronized (ClusterPresence.this) {
                for (Member member : now.others()) {
                    Long before = heard.put(member.incarnation(), member.revision());
                    if (before != null && state.isBehind(member.incarnation(), before)) {
                        askFor(member);
                    }
                }
            }
        }
    }

    /** Says nothing more. Idempotent. */
    @Override
    public void close() {
        speaking.close();
    }
}
