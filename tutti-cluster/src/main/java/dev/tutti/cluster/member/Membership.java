package dev.tutti.cluster.member;

import dev.tutti.ListenerRegistration;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Listeners;
import dev.tutti.concurrent.Loop;
import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The membership of this instance: it tells the store regularly that the instance is alive, and its listeners which others are.
 * While the store is away everybody is believed to be as they were.
 *
 * <p>Safe for use by many threads. One platform thread sends heartbeats and calls listeners: it must not wait for what handlers do.
 */
public final class Membership implements Members, AutoCloseable {
    /** More than this between this process's clock and the store's is told to people. */
    public static final Duration MOST_SKEW = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final int RETRIES = 5; // within an interval, of a heartbeat that failed

    private final MemberStore store;
    private final MembershipSettings settings;
    private final LongSupplier ticker;
    private final StoreClock clock;
    private final Listeners<MembershipListener> listeners = new Listeners<>();
    private volatile Member self;
    private volatile List<Member> others = List.of();
    private volatile List<Heartbeat> heartbeats = List.of(); // of the others
    private volatile Set<UUID> unheard = Set.of();
    private volatile long number;
    private volatile long trustedUntil;
    private @Nullable Loop heartbeatLoop;
    private final HeartbeatAges ages = new HeartbeatAges();
    private long asked; // when the last list was asked for, by the ticker
    private boolean away;
    private boolean rejoining; // the listeners know that it was taken for dead, and not yet that it has joined anew
    private boolean skewed;

    /** Not a member before {@link #start}; {@code ticker} counts nanoseconds, and {@code wall} is this process's clock. */
    public Membership(MemberStore store, Member self, MembershipSettings settings, LongSupplier ticker, Clock wall) {
        this.store = store;
        this.self = self;
        this.settings = settings;
        this.ticker = ticker;
        this.clock = new StoreClock(wall);
        this.trustedUntil = ticker.getAsLong();
    }

    /**
     * Joins. Blocks.
     *
     * @throws TuttiException if the store is away
     */
    public void start() {
        join();
        asked = ticker.getAsLong();
        accept(store.heartbeat(Heartbeat.of(self), settings.silence()));
        Duration pause = settings.heartbeatInterval();
        heartbeatLoop = new Loop(
                        Loop.platform("tutti-heartbeat"),
                        pause,
                        () -> tryHeartbeat() ? pause : pause.dividedBy(RETRIES))
                .start();
    }

    @Override
    public ListenerRegistration listen(MembershipListener listener) {
        return listeners.add(listener);
    }

    @Override
    public Member self() {
        return self;
    }

    /** How many instances answer clients, this one included. */
    public int answering() {
        return 1
                + (int) others().stream()
                        .filter(member -> member.role().answersClients())
                        .count();
    }

    @Override
    public List<Member> others() {
        return others;
    }

    @Override
    public boolean current() {
        return trustedUntil - ticker.getAsLong() > 0;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    /** How far the store's clock is ahead of this process's. */
    public Duration skew() {
        return clock.offset();
    }

    /** The others' last heartbeats. */
    List<Heartbeat> heartbeats() {
        return heartbeats;
    }

    /** The number of this instance's last heartbeat that came through. */
    long number() {
        return number;
    }

    /** Notes the members that are not heard on the bus; the next heartbeat tells of them. */
    void unheard(Set<UUID> processes) {
        unheard = processes;
    }

    @Override
    public synchronized void updateSelf(UnaryOperator<Member> change) {
        self = change.apply(self);
    }

    private void join() {
        long now = ticker.getAsLong();
        store.join(self, settings.silence());
        trustedUntil = now + settings.trust().toNanos();
    }

    /** False if it has to be tried again soon, as one that is late twice may be taken for dead. */
    private boolean tryHeartbeat() {
        try {
            MemberList members = heartbeat();
            if (!members.contains(self.incarnation())) {
                log.warn(
                        "{} was silent for more than {} and taken for dead; joining anew",
                        self.instance(),
                        settings.silence());
                rejoining = true;
                tell(MembershipListener::fenced);
                updateSelf(before -> before.rejoined(UUID.randomUUID()));
                join();
                members = heartbeat(); // joining takes a while, in which others come and go
            }
            if (rejoining && members.contains(self.incarnation())) { // also after a try that joined and then failed
                rejoining = false;
                tell(listener -> listener.rejoined(self));
            }
            accept(members);
            if (away) {
                away = false;
                log.info("Heartbeats come through again; {} others are alive", others.size());
            }
            return true;
        } catch (TuttiException failure) {
            if (!away) {
                away = true;
                log.warn("Heartbeats do not come through: {}", failure.getMessage());
            }
            return false;
        }
    }

    private MemberList heartbeat() {
        long now = ticker.getAsLong();
        asked = now;
        Instant sent = clock.uncorrected();
        Heartbeat heartbeat = new Heartbeat(self, number + 1, unheard);
        MemberList members = store.heartbeat(heartbeat, settings.silence());
        number = heartbeat.number();
        if (members.contains(self.incarnation())) {
            compare(sent, members.now());
            trustedUntil = now + settings.trust().toNanos();
        }
        return members;
    }

    private void compare(Instant sent, Instant told) {
        clock.heard(sent, told, clock.uncorrected());
        boolean far = clock.offset().abs().compareTo(MOST_SKEW) > 0;
        if (far && !skewed) {
            log.warn(
                    "The clock of this machine differs from the database's by {} s; synchronise it",
                    clock.offset().toSeconds());
        }
        skewed = far;
    }

    private void accept(MemberList list) {
        Map<UUID, Member> before = new HashMap<>();
        others.forEach(member -> before.put(member.process(), member));
        heartbeats = list.heartbeats().stream()
                .filter(each -> !isSelf(each.member()))
                .toList();
        List<Member> now = list.members().stream()
                .filter(member -> !isSelf(member))
                .sorted(Member.ORDER)
                .toList();
        Set<Member> known = new HashSet<>(others);
        others = now;
        List<Member> joined = new ArrayList<>();
        List<Member> changed = new ArrayList<>();
        for (Member member : now) {
            if (before.remove(member.process()) == null) {
                joined.add(member);
            } else if (!known.contains(member)) {
                changed.add(member);
            }
        }
        long looked = ticker.getAsLong();
        before.values().forEach(member -> {
            log.info("{} has left", member.instance());
            // it may have left before a heartbeat could tell that it was about to
            boolean alive = ages.isWithin(settings.trust(), member.process(), looked);
            tell(listener -> listener.left(alive ? member.leaving() : member));
        });
        ages.look(heartbeats, asked);
        // behind those who left: whoever comes may have to be told of them
        joined.forEach(member -> {
            log.info("{} has joined", member.instance());
            tell(listener -> listener.joined(member));
        });
        changed.forEach(member -> tell(listener -> listener.changed(member)));
        tell(listener -> listener.heartbeat(this));
    }

    private void tell(Consumer<MembershipListener> call) {
        listeners.forEach(listener -> Failures.guard("A listener of the membership", () -> call.accept(listener)));
    }

    private boolean isSelf(Member member) {
        return member.process().equals(self.process());
    }

    /** Leaves, so that the others know at their next heartbeat. Idempotent; blocks. */
    @Override
    public void close() {
        if (heartbeatLoop != null) {
            heartbeatLoop.close();
            heartbeatLoop = null;
            trustedUntil = ticker.getAsLong();
            store.leave(self.incarnation());
        }
    }
}
