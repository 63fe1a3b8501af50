package dev.tutti.server.audit;

import dev.tutti.core.limit.NetworkAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Failures of one minute, so that a flood of them becomes a few records: the first of its kind is written at once, and how many more
 * there were at the end. Of kinds there are so many, of which each actor has a share; what is beyond that is counted in one. Safe
 * for use by many threads.
 */
final class FailureTally {
    /** The action of the record that counts what was too much to be told apart. */
    static final String OTHERS = "others";

    static final int MOST = 1_000;
    static final int MOST_OF_ACTOR = 100;

    private record Kind(
            String action,
            String actor,
            String outcome,
            @Nullable String target,
            @Nullable String tried) {}

    private static final class Counted {
        private final AuditEntry first;
        private long more;

        private Counted(AuditEntry first) {
            this.first = first;
        }
    }

    private final String instance;
    private final Map<Kind, Counted> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> ofActor = new HashMap<>();
    private long others;

    FailureTally(String instance) {
        this.instance = instance;
    }

    /** Counts {@code failure}, and says whether it is to be written now. */
    synchronized boolean isFirst(AuditEntry failure) {
        AuditRecord record = failure.record();
        String actor =
                record.by().equals(AuditedAct.STRANGER) ? NetworkAddress.holder(record.address()) : record.actor();
        Kind kind = new Kind(record.action(), actor, record.outcome(), record.target(), failure.tried());
        Counted known = kinds.get(kind);
        if (known != null) {
            known.more++;
            return false;
        }
        if (kinds.size() >= MOST || ofActor.getOrDefault(actor, 0) >= MOST_OF_ACTOR) {
            others++;
            return false;
        }
        kinds.put(kind, new Counted(failure));
        ofActor.merge(actor, 1, Integer::sum);
        return true;
    }

    /** What was only counted since this was called last, as of {@code now}; begins anew. */
    synchronized List<AuditEntry> ended(Instant now) {
        List<AuditEntry> all = new ArrayList<>();
        for (Counted each : kinds.values()) {
            if (each.more > 0) {
                all.add(new AuditEntry(each.first.record().times(each.more, now), each.first.tried()));
            }
        }
        if (others > 0) {
            all.add(new AuditEntry(
                    new AuditRecord(
                            OTHERS, AuditedAct.STRANGER, "", null, Map.of(), instance, "", now, "failed", others),
                    null));
        }
        kinds.clear();
        ofActor.clear();
        others = 0;
        return all;
    }
}
