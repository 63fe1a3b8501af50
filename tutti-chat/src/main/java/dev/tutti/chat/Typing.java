package dev.tutti.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The people who have told lately that they type, so that it is not told too often. Safe for use by many threads. */
final class Typing {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int REMEMBERED = 100_000;

    private record Key(String conversation, String user) {}

    private final Cache<Key, Boolean> lately;

    Typing(LongSupplier ticker) {
        this.lately = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(PAUSE)
                .ticker(ticker::getAsLong)
                .build();
    }

    /** Whether it may be told now; then not again for two seconds. */
    boolean due(String conversation, String user) {
        return lately.asMap().putIfAbsent(new Key(conversation, user), true) == null;
    }
}
