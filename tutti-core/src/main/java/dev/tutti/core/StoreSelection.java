package dev.tutti.core;

import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.cluster.Seal;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SecretSeal;
import dev.tutti.cluster.member.SingleMemberStore;
import dev.tutti.core.job.NoJobs;
import dev.tutti.core.lease.NoLeases;
import dev.tutti.core.recovery.NoRecovery;
import dev.tutti.core.session.NoSessions;
import dev.tutti.core.session.SealedSessions;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.feed.FeedStore;
import dev.tutti.job.JobRunner;
import dev.tutti.lease.LeaseStore;
import dev.tutti.limit.LimitStore;
import dev.tutti.member.MemberStore;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.session.AttributeStore;
import dev.tutti.session.Sessions;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the stores of an instance. Each is the one that was set, or else that of the last backend that has one, or else
 * none. For one thread.
 */
final class StoreSelection {
    private final List<Backend> backends = new ArrayList<>();
    private @Nullable StreamStore streams;
    private @Nullable Bus bus;
    private @Nullable MemberStore members;
    private @Nullable RecoveryStore recovery;
    private @Nullable LeaseStore leases;

    void add(Backend backend) {
        backends.add(backend);
    }

    void set(StreamStore store) {
        streams = store;
    }

    void set(Bus other) {
        bus = other;
    }

    void set(MemberStore store) {
        members = store;
    }

    void set(RecoveryStore store) {
        recovery = store;
    }

    void set(LeaseStore store) {
        leases = store;
    }

    List<Backend> backends() {
        return List.copyOf(backends);
    }

    /** Where streams are kept; throws {@link IllegalStateException} if they are not. */
    StreamStore streams() {
        return ability(streams, Backend::streams, () -> {
            throw new IllegalStateException("none of the backends "
                    + backends.stream().map(Backend::name).toList() + " keeps streams; one of them must");
        });
    }

    MemberStore members() {
        return ability(members, Backend::members, () -> new SingleMemberStore(Clock.systemUTC()));
    }

    Bus bus() {
        return ability(bus, Backend::bus, NoBus::new);
    }

    RecoveryStore recovery() {
        return ability(recovery, Backend::recovery, NoRecovery::new);
    }

    LeaseStore leases() {
        return ability(leases, Backend::leases, NoLeases::new);
    }

    JobRunner jobs() {
        return ability(null, Backend::jobs, NoJobs::new);
    }

    Optional<FeedStore> feeds() {
        return last(Backend::feeds);
    }

    Optional<LimitStore> limits() {
        return last(Backend::limits);
    }

    /** Attributes of sessions, sealed. */
    Sessions sessions(Optional<SessionSettings> settings, JsonCodec json, MeterRegistry meters) {
        Optional<AttributeStore> attributes = last(Backend::attributes);
        if (attributes.isEmpty() || settings.isEmpty()) {
            return new NoSessions();
        }
        List<String> secrets = settings.get().sealSecrets();
        Seal current = new SecretSeal(ClusterSecret.of(secrets.getFirst(), List.of()));
        Seal all = new SecretSeal(ClusterSecret.of(secrets.getFirst(), secrets.subList(1, secrets.size())));
        return new SealedSessions(
                attributes.get(),
                settings.get(),
                current,
                all,
                json::bytes,
                bytes -> json.read(bytes, Object.class),
                meters);
    }

    private <T> T ability(@Nullable T set, Function<Backend, Optional<T>> of, Supplier<T> none) {
        return Optional.ofNullable(set).or(() -> last(of)).orElseGet(none);
    }

    private <T> Optional<T> last(Function<Backend, Optional<T>> of) {
        return backends.reversed().stream().map(of).flatMap(Optional::stream).findFirst();
    }
}
