package dev.tutti.server.audit;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An act of somebody, done or only tried, as it is kept: an event's data, of whose type {@code action} is. Nothing in it is secret.
 *
 * @param action which of the acts that are recorded
 * @param by what the actor is: {@code account}, {@code key} or {@code stranger}
 * @param actor the account's id, {@code key.} with the key's id, or the address of a stranger
 * @param target the id of what it was done to; null if there is none, or it is not known
 * @param change what was asked to become of the target's role, by name; empty for other acts
 * @param instance where
 * @param address from where; empty where nobody in particular did it
 * @param at when it was answered
 * @param outcome {@link #OK}, or the error's code
 * @param times how often: 1, or how many more like the one before came within a minute, or while the database was away
 */
record AuditRecord(
        String action,
        String by,
        String actor,
        @Nullable String target,
        Map<String, Boolean> change,
        String instance,
        String address,
        Instant at,
        String outcome,
        long times) {
    static final String OK = "ok";

    /** The outcome of a record that only counts, where what it counts failed or is missing. */
    static final String FAILED = "failed";

    AuditRecord {
        change = Map.copyOf(change);
    }

    /** One of {@code action} that counts what nobody in particular did at {@code instance}. */
    static AuditRecord count(String action, String instance, Instant now, String outcome, long times) {
        return new AuditRecord(action, AuditedAct.STRANGER, "", null, Map.of(), instance, "", now, outcome, times);
    }

    boolean failed() {
        return !outcome.equals(OK);
    }

    AuditRecord times(long count, Instant now) {
        return new AuditRecord(action, by, actor, target, change, instance, address, now, outcome, count);
    }

    /** One that counts what the same actor does beyond what is told apart. */
    AuditRecord others(String ended) {
        return new AuditRecord(AuditTally.OTHERS, by, actor, null, Map.of(), instance, address, at, ended, times);
    }

    AuditRecord target(@Nullable String known) {
        return new AuditRecord(action, by, actor, known, change, instance, address, at, outcome, times);
    }
}
