package dev.tutti.chat.quota;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.quota.UsageStore.Usage;
import dev.tutti.concurrent.Periodic;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.NothingAppendedException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what each account, and each person without one, uses up in a day, and refuses what is beyond its quota. Use on this
 * instance is added to the database every few seconds, and use elsewhere is learned by that: an account may exceed its quota by
 * what it uses within those seconds, and no more. A process that is killed forgets as much.
 *
 * <p>Remembers the accounts that used something within ten minutes. Safe for use by many threads; blocks at the first use
 * of an account.
 */
public final class Quotas implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Quotas.class);
    private static final Duration FLUSH = Duration.ofSeconds(5);
    private static final int FLUSHES_PER_CLEANING = 720;
    private static final int IDLE_FLUSHES = 120;

    private final QuotaSettings settings;
    private final UsageStore store;
    private final Clock clock;
    private final Map<QuotaHolder, Account> accounts = new ConcurrentHashMap<>();
    private final Periodic flushing;
    private long flushes; // guarded by this

    /** Quotas of the accounts in {@code database}; {@code clock} says which day it is. */
    public Quotas(DataSource database, QuotaSettings settings, Clock clock) {
        this.settings = settings;
        this.store = new UsageStore(new Database(database));
        this.clock = clock;
        this.flushing = new Periodic("tutti-quotas", FLUSH, this::flush);
    }

    /** Counts {@code amount} more for the account {@code user}, as {@link #charge(QuotaHolder, Quota, long)} does. */
    public void charge(String user, Quota kind, long amount) {
        charge(QuotaHolder.account(user), kind, amount);
    }

    /**
     * Counts {@code amount} more for {@code holder}.
     *
     * @throws TuttiException with {@link ErrorCode#QUOTA_EXCEEDED} and the time until the next day, if that is too much;
     *     nothing is counted then
     */
    public void charge(QuotaHolder holder, Quota kind, long amount) {
        Account _ = taken(holder, Map.of(kind, amount));
    }

    /**
     * Counts {@code amounts} more for {@code holder}, all of them or, if one is too much, none; throws as for a single one.
     *
     * @return takes back what is not used after all, of these amounts; does not block
     */
    public Consumer<Map<Quota, Long>> charge(QuotaHolder holder, Map<Quota, Long> amounts) {
        Account account = taken(holder, amounts);
        return unused -> unused.forEach(account::giveBack);
    }

    /**
     * Counts {@code costs} for the account {@code user}, and does {@code task}. Nothing is counted in the end if that is refused, be it
     * for one of the costs; where it is unknown whether it was done, it is counted.
     *
     * @throws TuttiException with {@link ErrorCode#QUOTA_EXCEEDED} if one of them is too much, and nothing is done then; whatever {@code
     *     task} throws
     */
    public <T> T charging(String user, List<Cost> costs, Supplier<T> task) {
        return charging(user, costs, task, _ -> false);
    }

    /** The same, where {@code nothing} tells of a result whether nothing was done, as for what is repeated: that costs nothing. */
    public <T> T charging(String user, List<Cost> costs, Supplier<T> task, Predicate<T> nothing) {
        List<Runnable> back = new ArrayList<>();
        try {
            for (Cost cost : costs) {
                Account account = taken(QuotaHolder.account(user), Map.of(cost.kind(), cost.amount()));
                back.add(() -> account.giveBack(cost.kind(), cost.amount()));
            }
            T done = task.get();
            if (nothing.test(done)) {
                back.forEach(Runnable::run);
            }
            return done;
        } catch (TuttiException refused) {
            if (refused instanceof NothingAppendedException || isRefusal(refused.code())) {
                back.forEach(Runnable::run);
            }
            throw refused;
        }
    }

    /** Whether nothing was done for certain. */
    private static boolean isRefusal(ErrorCode code) {
        return code.retry() == ErrorCode.Retry.NEVER
                || code == ErrorCode.QUOTA_EXCEEDED
                || code == ErrorCode.OVERLOADED;
    }

    private Account taken(QuotaHolder holder, Map<Quota, Long> amounts) {
        LocalDate today = today();
        Account account = accounts.get(holder);
        if (account == null || !account.day.equals(today)) {
            Account fresh = new Account(today, store.of(holder, today));
            account = accounts.merge(holder, fresh, (old, loaded) -> old.day.equals(today) ? old : loaded);
        }
        account.take(amounts, settings).ifPresent(kind -> {
            throw new TuttiException(
                    ErrorCode.QUOTA_EXCEEDED,
                    "you have used up your " + kind.what() + " for today: " + settings.of(kind) + " (" + kind.setting()
                            + ")",
                    untilTomorrow(today));
        });
        return account;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private Duration untilTomorrow(LocalDate today) {
        Duration left = Duration.between(
                clock.instant(), today.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
        return left.isPositive() ? left : Duration.ofSeconds(1);
    }

    /**
     * Adds what was used to the database. Use that cannot be added now is added the next time. One at a time: two would add the
     * same uses twice.
     */
    synchronized void flush() {
        accounts.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> new Batch(entry.getValue().day, entry.getKey().kind())))
                .forEach((batch, entries) -> flush(batch, entries));
        accounts.values().removeIf(Account::isIdle);
        if (flushes++ % FLUSHES_PER_CLEANING == 0) {
            forget();
        }
    }

    private void forget() {
        try {
            store.forgetBefore(today());
        } catch (TuttiException away) {
            log.debug("What was used a week ago is forgotten later", away);
        }
    }

    /** The uses that are added in one statement. */
    private record Batch(LocalDate day, QuotaHolder.Kind kind) {
        QuotaHolder holder(String id) {
            return new QuotaHolder(kind, id);
        }
    }

    private void flush(Batch batch, List<Map.Entry<QuotaHolder, Account>> entries) {
        Map<String, Usage> used = new HashMap<>();
        entries.forEach(
                entry -> entry.getValue().spent(entry.getKey().id()).ifPresent(usage -> used.put(usage.user(), usage)));
        if (used.isEmpty()) {
            return;
        }
        try {
            List<Usage> totals = store.add(batch.day(), batch.kind(), used.values());
            withoutUser(used, totals).forEach(gone -> accounts.remove(batch.holder(gone)));
            for (Usage total : totals) {
                Account account = accounts.get(batch.holder(total.user()));
                Usage added = used.get(total.user());
                if (account != null && added != null && account.day.equals(batch.day())) {
                    account.stored(added, total);
                }
            }
        } catch (TuttiException away) {
            log.debug("What {} accounts used could not be noted; it is with the next time", used.size(), away);
        }
    }

    /** Those who do not exist any more. */
    private static Set<String> withoutUser(Map<String, Usage> used, List<Usage> totals) {
        Set<String> gone = new HashSet<>(used.keySet());
        totals.forEach(total -> gone.remove(total.user()));
        return gone;
    }

    /** Adds what was used since the last time. */
    @Override
    public void close() {
        flushing.close();
        flush();
    }

    /** One account's day: what the database has, and what was used here since. Guarded by itself. */
    private static final class Account {
        private final LocalDate day;
        private final Map<Quota, Long> stored = new EnumMap<>(Quota.class);
        private final Map<Quota, Long> here = new EnumMap<>(Quota.class);
        private int idle;

        Account(LocalDate day, Usage usage) {
            this.day = day;
            store(usage);
        }

        /** Counts all of {@code amounts}, or nothing: then it is the first of which there would be too much that is returned. */
        synchronized Optional<Quota> take(Map<Quota, Long> amounts, QuotaSettings most) {
            for (Map.Entry<Quota, Long> amount : amounts.entrySet()) {
                Quota kind = amount.getKey();
                long used = stored.getOrDefault(kind, 0L) + here.getOrDefault(kind, 0L);
                if (amount.getValue() > Math.max(0, most.of(kind) - used)) {
                    return Optional.of(kind);
                }
            }
            amounts.forEach((kind, amount) -> here.merge(kind, amount, Long::sum));
            idle = 0;
            return Optional.empty();
        }

        synchronized void giveBack(Quota kind, long amount) {
            here.merge(kind, -amount, Long::sum);
        }

        synchronized Optional<Usage> spent(String user) {
            return here.values().stream().allMatch(amount -> amount == 0)
                    ? Optional.empty()
                    : Optional.of(new Usage(
                            user,
                            here.getOrDefault(Quota.BYTES, 0L),
                            here.getOrDefault(Quota.STREAMS, 0L),
                            here.getOrDefault(Quota.CONVERSATIONS, 0L)));
        }

        synchronized void stored(Usage added, Usage total) {
            here.merge(Quota.BYTES, -added.bytes(), Long::sum);
            here.merge(Quota.STREAMS, -added.streams(), Long::sum);
            here.merge(Quota.CONVERSATIONS, -added.conversations(), Long::sum);
            store(total);
        }

        private void store(Usage usage) {
            stored.put(Quota.BYTES, usage.bytes());
            stored.put(Quota.STREAMS, usage.streams());
            stored.put(Quota.CONVERSATIONS, usage.conversations());
        }

        synchronized boolean isIdle() {
            return here.values().stream().allMatch(amount -> amount == 0) && ++idle > IDLE_FLUSHES;
        }
    }
}
