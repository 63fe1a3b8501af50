package dev.tutti.cluster.member;

import dev.tutti.bus.Topics;
import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.member.Heartbeat;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets members prove on the bus that they are heard there: each numbers its heartbeats and sends the number on the bus, too.
 * An instance that hears nobody of those that are alive, or that most others do not hear, opens its bus anew.
 *
 * <p>Safe for use by many threads: the heartbeat's thread sends and compares, the bus's hears.
 */
public final class BusLiveness {
    private static final Logger log = LoggerFactory.getLogger(BusLiveness.class);
    private static final String EVERYBODY = "all";

    private final Membership membership;
    private final Runnable reconnect;
    private final Topics topics;
    private final UnheardMembers missing;
    private Set<UUID> unheard = Set.of();
    private volatile boolean unsound;

    /**
     * Of {@code membership}, over {@code bus}.
     *
     * @param reconnect opens the bus anew; does not block
     * @param ticker counts nanoseconds
     */
    public BusLiveness(Membership membership, Topics.Source bus, Runnable reconnect, LongSupplier ticker) {
        this.membership = membership;
        this.reconnect = reconnect;
        this.missing = new UnheardMembers();
        this.topics = bus.topics(Topics.Family.open("heartbeat", 1), (_, frame) -> heard(frame));
        topics.subscribe(EVERYBODY);
        membership.listen(new MembershipListener() {
            @Override
            public void heartbeat(Members members) {
                send();
                compare(ticker.getAsLong());
            }
        });
    }

    /** Whether this instance is heard on the bus, and hears others there. */
    public boolean isSound() {
        return !unsound;
    }

    private void send() {
        topics.publish(
                EVERYBODY,
                FrameWriter.unversioned()
                        .id(membership.self().process())
                        .number(membership.number())
                        .frame());
    }

    private void heard(byte[] frame) {
        FrameReader in = FrameReader.unversioned(frame);
        UUID process = in.id();
        long number = in.number();
        in.end();
        missing.heard(process, number);
    }

    private void compare(long now) {
        Map<UUID, Heartbeat> others = new HashMap<>();
        membership.heartbeats().forEach(each -> others.put(each.member().process(), each));
        Set<UUID> before = unheard;
        unheard = missing.of(others.values(), now);
        membership.unheard(unheard);
        unheard.stream().filter(process -> !before.contains(process)).forEach(process -> {
            Heartbeat silent = others.get(process);
            log.warn(
                    "{} is alive in the database, but was not heard on the bus for {} s",
                    silent == null ? process : silent.member().instance(),
                    UnheardMembers.PATIENCE.toSeconds());
        });
        UUID self = membership.self().process();
        long complaints = others.values().stream()
                .filter(each -> each.unheard().contains(self))
                .count();
        boolean deaf = !others.isEmpty() && unheard.size() == others.size();
        boolean mute = complaints * 2 > others.size();
        tell(deaf, mute);
        if (unsound && missing.mayReconnect(now)) {
            reconnect.run();
        }
    }

    private void tell(boolean deaf, boolean mute) {
        boolean now = deaf || mute;
        if (now && !unsound) {
            log.warn(
                    "This instance {}; it opens its connections to the bus anew",
                    deaf ? "hears no other instance on the bus" : "is not heard by most others on the bus");
        } else if (!now && unsound) {
            log.info("This instance hears others on the bus again, and is heard");
        }
        unsound = now;
    }
}
