package dev.tutti.core.presence;

import dev.tutti.ListenerRegistration;
import dev.tutti.bus.Topics;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Listeners;
import dev.tutti.concurrent.Periodic;
import dev.tutti.core.presence.PresenceState.Difference;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.presence.Presence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The presence of this instance. It keeps the same {@link PresenceState} as the other instances: it sends them the changes at this
 * instance, ten times a second by default, and requests the state of instances of which it has missed changes. The heartbeat of each
 * instance has the revision of its state, so every missed change is noticed. Answers to requests are sent in parts.
 *
 * <p>Safe for use by many threads; this object's lock guards the state. One virtual thread sends.
 */
public final class ClusterPresence implements Presence, AutoCloseable {
    private static final String EVERYBODY = "all";
    private static final int MOST_EARLY = 1_000;
    private static final int MOST_FORMER = 2_000; // of one instance; others are there again when they have come back

    private final Members members;
    private final PresenceSettings settings;
    private final LongSupplier ticker;
    private final Topics bus;
    private final PresenceState state = new PresenceState();
    private final SnapshotRequests catchUp = new SnapshotRequests();
    private final SnapshotAnswers answering = new SnapshotAnswers();
    private final Map<UUID, Long> heard = new HashMap<>(); // revisions as of the heartbeat before
    private final Set<UUID> others = new HashSet<>(); // of whose coming and going this was told
    private final Set<UUID> early = new HashSet<>(); // who want to know all, and are not known here yet
    private final Listeners<Watcher> watchers = new Listeners<>();
    private final Periodic speaking;
    private final UUID self;
    private int fences; // how often the others have taken this for dead
    private long fencedUntil; // until when those who were here before are believed to have been lost before
    private boolean behind; // the others have told this nothing for a while

    /** Presence that is shared with the other {@code members} over the bus. {@code ticker} is a monotonic clock in nanoseconds. */
    public ClusterPresence(Members members, Topics.Source source, PresenceSettings settings, LongSupplier ticker) {
        this.members = members;
        this.settings = settings;
        this.ticker = ticker;
        this.self = members.self().process();
        this.bus = source.topics(Topics.Family.sealed("presence", 1), new PresenceBusListener());
        members.listen(new HeartbeatListener());
        List<Member> there = meet();
        bus.subscribe(EVERYBODY);
        bus.subscribe(self.toString());
        synchronized (this) {
            there.forEach(this::askFor);
        }
        this.speaking = new Periodic("tutti-presence", settings.pace(), this::speak);
    }

    /** Those who were there before this was told of anybody. */
    private synchronized List<Member> meet() {
        List<Member> there = members.others();
        there.forEach(member -> others.add(member.process()));
        return there;
    }

    @Override
    public Registration enter(String topic, String user) {
        if (topic.length() > MAX_NAME || user.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "topic '" + topic + "', user '" + user + "'; allowed are " + MAX_NAME + " characters each");
        }
        PresenceKey key = new PresenceKey(topic, user);
        int since;
        synchronized (this) {
            state.enter(key);
            since = fences;
        }
        AtomicBoolean there = new AtomicBoolean(true);
        return new Registration() {
            @Override
            public void close() {
                if (there.getAndSet(false)) {
                    leave(key);
                }
            }

            @Override
            public void lost() {
                if (there.getAndSet(false)) {
                    lose(key, since);
                }
            }
        };
    }

    private synchronized void leave(PresenceKey key) {
        state.leave(key, ticker.getAsLong());
    }

    /** The connection of a registration that began after so many {@code fences} is gone. */
    private synchronized void lose(PresenceKey key, int since) {
        long now = ticker.getAsLong();
        boolean goneForTheOthers = since < fences && fencedUntil - now > 0;
        state.leave(key, goneForTheOthers ? now : now + settings.grace().toNanos());
    }

    @Override
    public synchronized Set<String> online(String topic) {
        return state.online(topic);
    }

    @Override
    public synchronized boolean isOnline(String topic, String user) {
        return state.isOnline(new PresenceKey(topic, user));
    }

    @Override
    public ListenerRegistration watch(Watcher watcher) {
        return watchers.add(watcher);
    }

    private void speak() {
        List<Change> changes;
        Set<UUID> asking;
        List<PresenceMessage> former;
        synchronized (this) {
            state.pass(ticker.getAsLong());
            Difference difference = state.difference();
            if (difference.to() > difference.from()) {
                members.updateSelf(member -> member.revised(difference.to()));
                bus.publish(EVERYBODY, new PresenceMessage.Changed(self, difference).bytes());
            }
            changes = state.changes();
            asking = answering.begin(state.revision(), state.told());
            former = asking.isEmpty() ? List.of() : former(ticker.getAsLong());
        }
        for (PresenceMessage message : former) {
            byte[] bytes = message.bytes();
            asking.forEach(to -> bus.publish(to.toString(), bytes));
        }
        answering.send(self, (to, part) -> bus.publish(to.toString(), part.bytes()));
        if (!changes.isEmpty()) {
            watchers.forEach(watcher -> Failures.guard("A watcher of presence", () -> watcher.changed(changes)));
        }
    }

    private synchronized void heard(PresenceMessage message) {
        if (!others.contains(message.from())) {
            if (message instanceof PresenceMessage.Wanted && early.size() < MOST_EARLY) {
                early.add(message.from());
            }
            return; // who joins is asked, and answered, as soon as that is known here
        }
        switch (message) {
            case PresenceMessage.Changed(UUID from, Difference difference) -> {
                if (!state.apply(from, difference)) {
                    ask(from);
                    catchUp.meanwhile(from, difference);
                }
            }
            case PresenceMessage.Wanted(UUID from) -> {
                boolean _ = answering.ask(from);
            }
            case PresenceMessage.Part part -> catchUp.take(part, ticker.getAsLong(), state);
            case PresenceMessage.Former(UUID _, UUID left, long millis, Collection<PresenceKey> keys) -> {
                if (!left.equals(self) && !others.contains(left)) {
                    long most = Math.min(Math.max(millis, 0), settings.grace().toMillis());
                    state.former(left, keys, ticker.getAsLong() + TimeUnit.MILLISECONDS.toNanos(most));
                }
            }
        }
    }

    /** For those who ask: some of the users of instances that have left. */
    private List<PresenceMessage> former(long now) {
        List<PresenceMessage> former = new ArrayList<>();
        state.departed().forEach((left, departed) -> {
            long millis = TimeUnit.NANOSECONDS.toMillis(departed.until() - now);
            List<PresenceKey> keys = departed.keys()
                    .subList(0, Math.min(MOST_FORMER, departed.keys().size()));
            if (millis > 0 && !keys.isEmpty()) {
                former.add(new PresenceMessage.Former(self, left, millis, keys));
            }
        });
        return former;
    }

    private void askFor(Member member) {
        ask(member.process());
    }

    private void ask(UUID instance) {
        if (catchUp.ask(instance, ticker.getAsLong())) {
            bus.publish(instance.toString(), new PresenceMessage.Wanted(self).bytes());
        }
    }

    /** Hears the other instances. */
    private final class PresenceBusListener implements Topics.Listener {
        @Override
        public void onMessage(String busTopic, byte[] payload) {
            heard(PresenceMessage.read(payload));
        }

        /** A part of an answer may be missing in the middle; the next heartbeat asks again. */
        @Override
        public void onGap() {
            synchronized (ClusterPresence.this) {
                catchUp.interrupted();
            }
        }
    }

    /** The listener for changes of the membership. */
    private final class HeartbeatListener implements MembershipListener {
        @Override
        public void joined(Member member) {
            synchronized (ClusterPresence.this) {
                others.add(member.process());
                state.back(member.process());
                askFor(member);
                if (early.remove(member.process())) {
                    boolean _ = answering.ask(member.process());
                }
            }
        }

        /** The others have shown for a while that nobody is here: those who have gone meanwhile must not come back for one more. */
        @Override
        public void fenced() {
            synchronized (ClusterPresence.this) {
                long now = ticker.getAsLong();
                fences++;
                fencedUntil = now + settings.grace().toNanos();
                behind = true;
                state.fade(now);
            }
        }

        @Override
        public void left(Member member) {
            long grace = (member.draining() ? settings.grace() : settings.graceOfTheDead()).toNanos();
            synchronized (ClusterPresence.this) {
                others.remove(member.process());
                heard.remove(member.process());
                catchUp.left(member.process());
                early.remove(member.process());
                answering.left(member.process());
                if (behind) {
                    state.forget(member.process()); // it may have left long ago; the others know
                } else {
                    state.left(member.process(), ticker.getAsLong() + grace);
                }
            }
        }

        /** A difference that was told before the last heartbeat, and has not come by this one, is lost. */
        @Override
        public void heartbeat(Members now) {
            synchronized (ClusterPresence.this) {
                for (Member member : now.others()) {
                    Long before = heard.put(member.process(), member.revision());
                    if (behind || (before != null && state.isBehind(member.process(), before))) {
                        askFor(member);
                    }
                }
                behind = false;
            }
        }
    }

    /** Says nothing more. Idempotent. */
    @Override
    public void close() {
        speaking.close();
    }
}
