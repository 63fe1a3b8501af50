package dev.tutti.chat.quota;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.quota.UsageStore.Usage;
import dev.tutti.concurrent.Periodic;
import dev.tutti.postgres.sql.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what each account uses up in a day, and refuses what is beyond its quota. What was used here is added to the
 * database every few seconds, and what was used elsewhere is learned by that: an account may exceed its quota by what it
 * uses within those seconds, and no more. A process that is killed forgets as much.
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
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Periodic flushing;
    private long flushes; // guarded by this

    /** Quotas of the accounts in {@code database}; {@code clock} says which day it is. */
    public Quotas(DataSource database, QuotaSettings settings, Clock clock) {
        this.settings = settings;
        this.store = new UsageStore(new Database(database));
        this.clock = clock;
        this.flushing = new Periodic("tutti-quotas", FLUSH, this::flush);
    }

    /**
     * Counts {@code amount} more for {@code user}.
     *
     * @throws TuttiException with {@link ErrorCode#QUOTA_EXCEEDED} and the time until the next day, if that is too much;
     *     nothing is counted then
     */
    public void charge(String user, Quota kind, long amount) {
        LocalDate today = today();
        Account account = accounts.get(user);
        if (account == null || !account.day.equals(today)) {
            Account fresh = new Account(today, store.of(user, today));
            account = accounts.merge(user, fresh, (old, loaded) -> old.day.equals(today) ? old : loaded);
        }
        if (!account.take(kind, amount, settings.of(kind))) {
            throw new TuttiException(
                    ErrorCode.QUOTA_EXCEEDED,
                    "your account has used up its " + kind.what() + " for today: " + settings.of(kind) + " ("
                            + kind.setting() + ")",
                    untilTomorrow(today));
        }
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
     * Adds what was used to the database. What cannot be added now is added the next time. One at a time: two would add the
     * same uses twice.
     */
    synchronized void flush() {
        accounts.entrySet().stream()
                .collect(Collectors.groupingBy(entry -> entry.getValue().day))
                .forEach((day, entries) -> flush(day, entries));
        accounts.values().removeIf(Account::isIdle);
        if (flushes++ % FLUSHES_PER_CLEANING == 0) {
            store.forgetBefore(today());
        }
    }

    private void flush(LocalDate day, List<Map.Entry<String, Account>> entries) {
        Map<String, Usage> used = new HashMap<>();
        entries.forEach(
                entry -> entry.getValue().spent(entry.getKey()).ifPresent(usage -> used.put(usage.user(), usage)));
        if (used.isEmpty()) {
            return;
        }
        try {
            List<Usage> totals = store.add(day, used.values());
            accounts.keySet().removeAll(withoutUser(used, totals));
            for (Usage total : totals) {
                Account account = accounts.get(total.user());
                Usage added = used.get(total.user());
                if (account != null && added != null && account.day.equals(day)) {
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

        synchronized boolean take(Quota kind, long amount, long most) {
            long used = stored.getOrDefault(kind, 0L) + here.getOrDefault(kind, 0L);
            if (amount > most - used) {
                return false;
            }
            here.merge(kind, amount, Long::sum);
            idle = 0;
            return true;
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
