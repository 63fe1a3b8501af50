package dev.tutti.server.operations;

import dev.tutti.core.health.Health;
import dev.tutti.health.Status;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for another live process that has this one's {@code INSTANCE_ID}, and tells it, in the log and in health. One that
 * was killed and is started again finds its former self among the members for some seconds, which is not meant.
 */
public final class DuplicateInstanceCheck implements MembershipListener {
    /** Longer than the dead are taken for alive. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(DuplicateInstanceCheck.class);

    private record Other(UUID incarnation, long since, boolean told) {}

    private final LongSupplier ticker;
    private @Nullable Other other;

    DuplicateInstanceCheck(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Watches {@code members}, and adds what it finds to {@code health}. */
    public static void watch(Members members, Health health) {
        DuplicateInstanceCheck watching = new DuplicateInstanceCheck(System::nanoTime);
        members.listen(watching);
        health.prefer("instance_id", () -> watching.found() ? Status.DEGRADED : Status.HEALTHY);
    }

    @Override
    public synchronized void heartbeat(Members members) {
        String name = members.self().instance();
        Optional<Member> same = members.others().stream()
                .filter(member -> member.instance().equals(name))
                .findFirst();
        Other known = other;
        if (same.isEmpty()) {
            other = null;
        } else if (known == null || !known.incarnation().equals(same.get().incarnation())) {
            other = new Other(same.get().incarnation(), ticker.getAsLong(), false);
        } else if (!known.told() && ticker.getAsLong() - known.since() > PATIENCE.toNanos()) {
            other = new Other(known.incarnation(), known.since(), true);
            log.error(
                    "Another live process, at {}, has the INSTANCE_ID {} too: log lines, metrics and X-Instance-Id do not"
                            + " tell the two apart; give each its own",
                    same.get().address(),
                    name);
        }
    }

    /** Whether there is one. */
    synchronized boolean found() {
        return other != null && other.told();
    }
}
