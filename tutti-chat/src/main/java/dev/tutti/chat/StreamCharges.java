package dev.tutti.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.QuotaHolder;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.core.stream.Streams;
import dev.tutti.socket.Charge;
import dev.tutti.stream.Append;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Charges for appends over the generic APIs. Safe for use by many threads; blocks. */
public final class StreamCharges {
    private static final int REMEMBERED = 100_000;

    private final Streams streams;
    private final Quotas quotas;
    private final Cache<StreamName, Boolean> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    StreamCharges(Streams streams, Quotas quotas) {
        this.streams = streams;
        this.quotas = quotas;
    }

    /**
     * Charges {@code holder} for {@code appends}, for all of them or for none; the first event of a stream costs a stream,
     * too, which is given back if none of those for it is stored.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#QUOTA_EXCEEDED} if that is too much for today
     */
    public Charge charge(QuotaHolder holder, List<Append> appends) {
        Set<StreamName> fresh = fresh(appends);
        Consumer<Map<Quota, Long>> charged =
                quotas.charge(holder, Map.of(Quota.STREAMS, (long) fresh.size(), Quota.BYTES, bytes(appends)));
        fresh.forEach(stream -> known.put(stream, true));
        return free -> {
            Map<StreamName, Long> all = counts(appends);
            Map<StreamName, Long> back = counts(free);
            Set<StreamName> absent = fresh.stream()
                    .filter(stream -> Objects.equals(all.get(stream), back.get(stream)))
                    .collect(Collectors.toSet());
            known.invalidateAll(absent);
            charged.accept(Map.of(Quota.STREAMS, (long) absent.size(), Quota.BYTES, bytes(free)));
        };
    }

    private static long bytes(List<Append> appends) {
        return appends.stream()
                .mapToLong(append -> (long) Messages.OVERHEAD + append.data().length())
                .sum();
    }

    /** How many there are for each stream. */
    private static Map<StreamName, Long> counts(List<Append> appends) {
        return appends.stream().collect(Collectors.groupingBy(Append::stream, Collectors.counting()));
    }

    /** The streams that these are the first events of, as far as is known: one question for all. */
    private Set<StreamName> fresh(List<Append> appends) {
        Set<StreamName> unknown = appends.stream()
                .map(Append::stream)
                .filter(stream -> known.getIfPresent(stream) == null)
                .collect(Collectors.toSet());
        if (unknown.isEmpty()) {
            return unknown;
        }
        Map<StreamName, Long> heads = streams.heads(unknown);
        Set<StreamName> fresh = unknown.stream()
                .filter(stream -> heads.getOrDefault(stream, 0L) == 0)
                .collect(Collectors.toSet());
        unknown.stream().filter(stream -> !fresh.contains(stream)).forEach(stream -> known.put(stream, true));
        return fresh;
    }
}
