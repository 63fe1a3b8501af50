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
 * Acts of one minute, so that a flood of them becomes a few records: the first of its kind is written at once, and how many more
 * there were at the end. Equal are those of one actor and address, to one target, with one outcome. Of kinds there are so many, of
 * which each actor has a share. One record of that actor counts the acts beyond it, and one more those beyond all kinds. Safe for use by many threads.
 */
final class AuditTally {
    /** The action of a record that counts what was too much to be told apart. */
    static final String OTHERS = "others";

    static final int MOST_OF_ACTOR = 100;

    private record Kind(
            String action,
            String actor,
            String from,
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
    private final int most;
    private final String outcome;
    private final Map<Kind, Counted> kinds =
            new LinkedHashMap<>(); // most, and one for each actor that has its share of these
    private final Map<String, Integer> ofActor = new HashMap<>();
    private long others;

    /** One of {@code most} kinds; {@code outcome} is that of the records which count what is beyond. */
    AuditTally(String instance, int most, String outcome) {
        this.instance = instance;
        this.most = most;
        this.outcome = outcome;
    }

    /** Counts {@code entry}, and says whether it is to be written now. */
    boolean isFirst(AuditEntry entry) {
        AuditRecord record = entry.record();
        String from = NetworkAddress.holder(record.address());
        String actor = record.by().equals(AuditedAct.STRANGER)
                ? NetworkAddress.site(from).orElse(from)
                : record.actor();
        return isFirst(new Kind(record.action(), actor, from, record.outcome(), record.target(), entry.tried()), entry);
    }

    private synchronized boolean isFirst(Kind kind, AuditEntry entry) {
        Counted known = kinds.get(kind);
        if (known == null && ofActor.getOrDefault(kind.actor(), 0) >= MOST_OF_ACTOR) {
            known = kinds.computeIfAbsent(
                    new Kind(OTHERS, kind.actor(), "", outcome, null, null),
                    _ -> new Counted(new AuditEntry(entry.record().others(outcome), null, entry.own())));
        }
        if (known != null) {
            known.more++;
            return false;
        }
        if (kinds.size() >= most) {
            others++;
            return false;
        }
        kinds.put(kind, new Counted(entry));
        ofActor.merge(kind.actor(), 1, Integer::sum);
        return true;
    }

    /** Records of all that was only counted since this was called last, as of {@code now}; begins anew. */
    synchronized List<AuditEntry> ended(Instant now) {
        List<AuditEntry> all = new ArrayList<>();
        for (Counted each : kinds.values()) {
            if (each.more > 0) {
                AuditEntry first = each.first;
                all.add(new AuditEntry(first.record().times(each.more, now), first.tried(), first.own()));
            }
        }
        if (others > 0) {
            all.add(new AuditEntry(AuditRecord.count(OTHERS, instance, now, outcome, others), null, false));
        }
        kinds.clear();
        ofActor.clear();
        others = 0;
        return all;
    }
}
