package dev.tutti.core;

import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.bus.Reconnecting;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.health.Status;
import dev.tutti.memory.MemoryBus;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.testkit.fixture.ForwardingBus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Instances in one process, of whose buses one looks sound and carries nothing. */
class BusLivenessTest {
    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final MemoryMemberStore members = new MemoryMemberStore(Clock.systemUTC());
    private final List<Tutti> instances = new ArrayList<>();

    @AfterEach
    void close() {
        instances.forEach(Tutti::close);
    }

    @Tag("slow")
    @Test
    void anInstanceThatHearsNobodyIsDegradedAndOpensItsBusAnew() {
        Tutti one = instance(new MemoryBus(wire));
        Tutti two = instance(new MemoryBus(wire));
        Demoted bus = new Demoted(new MemoryBus(wire));
        Tutti deaf = instance(bus);
        await().until(() -> one.members().others().size() == 2);
        await().until(() -> liveness(deaf) == Status.HEALTHY);
        bus.demoted = true;
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.reconnections.get() > 0);
        await().atMost(Duration.ofSeconds(30)).until(() -> liveness(deaf) == Status.HEALTHY);
        await().until(() -> liveness(one) == Status.HEALTHY && liveness(two) == Status.HEALTHY);
    }

    private Tutti instance(Bus bus) {
        Tutti started = Tutti.over(
                        new MemoryStreamStore(RetentionPolicy.of(Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
                .members(members)
                .members(new MembershipSettings(Duration.ofMillis(200), Duration.ofSeconds(5)))
                .bus(bus)
                .start();
        instances.add(started);
        return started;
    }

    private static Status liveness(Tutti instance) {
        return instance.health().report().checks().getOrDefault("hearing", Status.UNAVAILABLE);
    }

    /** As after a failover behind one address: connected to the server that was the master before. */
    private static final class Demoted extends ForwardingBus implements Reconnecting {
        private final AtomicInteger reconnections = new AtomicInteger();
        private volatile boolean demoted;

        Demoted(Bus bus) {
            super(bus);
        }

        @Override
        protected void deliver(BusListener listener, String topic, byte[] payload) {
            if (!demoted) {
                super.deliver(listener, topic, payload);
            }
        }

        @Override
        public void reconnect() {
            demoted = false;
            reconnections.incrementAndGet();
        }

        @Override
        public void publish(String topic, byte[] payload) {
            if (!demoted) {
                super.publish(topic, payload);
            }
        }
    }
}
