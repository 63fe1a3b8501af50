package dev.tutti.core.member;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance among its equals: tells the store regularly that it is alive, and its listeners who else is. While the
 * store is away everybody is believed to be as they were.
 *
 * <p>Safe for use by many threads. One virtual thread beats and calls listeners.
 */
public final class Membership implements Members, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final MemberStore store;
    private final MembershipSettings settings;
    private final LongSupplier ticker;
    private final List<MembershipListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Member self;
    private volatile List<Member> others = List.of();
    private volatile long trustedUntil;
    private @Nullable Periodic beats;
    private boolean away;

    /** Not a member before {@link #start}; {@code ticker} counts nanoseconds. */
    public Membership(MemberStore store, Member self, MembershipSettings settings, LongSupplier ticker) {
        this.store = store;
        this.self = self;
        this.settings = settings;
        this.ticker = ticker;
        this.trustedUntil = ticker.getAsLong();
    }

    /**
     * Joins. Blocks.
     *
     * @throws TuttiException if the store is away
     */
    public void start() {
        join();
        accept(store.beat(self, settings.silence()));
        beats = new Periodic("tutti-heartbeat", settings.beat(), this::beat);
    }

    @Override
    public void listen(MembershipListener listener) {
        listeners.add(listener);
    }

    @Override
    public Member self() {
        return self;
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
    public synchronized void say(UnaryOperator<Member> change) {
        self = change.apply(self);
    }

    private void join() {
        long now = ticker.getAsLong();
        store.join(self);
        trustedUntil = now + settings.trust().toNanos();
    }

    private void beat() {
        try {
            long now = ticker.getAsLong();
            List<Member> members = store.beat(self, settings.silence());
            if (members.stream().noneMatch(this::isSelf)) {
                log.warn(
                        "{} was silent for more than {} and taken for dead; joining anew",
                        self.instance(),
                        settings.silence());
                say(before -> before.reborn(UUID.randomUUID()));
                join();
                tell(listener -> listener.reborn(self));
            } else {
                trustedUntil = now + settings.trust().toNanos();
            }
            accept(members);
            if (away) {
                away = false;
                log.info("Heartbeats come through again; {} others are alive", others.size());
            }
        } catch (TuttiException failure) {
            if (!away) {
                away = true;
                log.warn("Heartbeats do not come through: {}", failure.getMessage());
            }
        }
    }

    private void accept(List<Member> members) {
        Map<UUID, Member> before = new HashMap<>();
        others.forEach(member -> before.put(member.incarnation(), member));
        List<Member> now = members.stream()
                .filter(member -> !isSelf(member))
                .sorted(Member.ORDER)
                .toList();
        Set<Member> known = new HashSet<>(others);
        others = now;
        List<Member> changed = new ArrayList<>();
        for (Member member : now) {
            if (before.remove(member.incarnation()) == null) {
                log.info("{} has joined", member.instance());
                tell(listener -> listener.joined(member));
            } else if (!known.contains(member)) {
                changed.add(member);
            }
        }
        before.values().forEach(member -> {
            log.info("{} has left", member.instance());
            tell(listener -> listener.left(member));
        });
        changed.forEach(member -> tell(listener -> listener.changed(member)));
        tell(listener -> listener.beaten(this));
    }

    private void tell(Consumer<MembershipListener> call) {
        for (MembershipListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException failure) {
                log.error("A listener of the membership failed; the others are told", failure);
            }
        }
    }

    private boolean isSelf(Member member) {
        return member.incarnation().equals(self.incarnation());
    }

    /** Leaves, so that the others know at their next heartbeat. Idempotent; blocks. */
    @Override
    public void close() {
        if (beats != null) {
            beats.close();
            beats = null;
            trustedUntil = ticker.getAsLong();
            store.leave(self.incarnation());
        }
    }
}
