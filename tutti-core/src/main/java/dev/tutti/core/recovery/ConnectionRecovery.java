package dev.tutti.core.recovery;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.recovery.SavedConnection;
import dev.tutti.stream.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this instance that can be continued at another one, each by a secret that its client holds. The store
 * knows a digest of the secret only. A connection can be continued for the window after it was lost.
 *
 * <p>Safe for use by many threads. Blocking methods say so.
 */
public final class ConnectionRecovery implements AutoCloseable {
    /** For how long a lost connection can be continued unless somebody says otherwise. */
    public static final Duration WINDOW = Duration.ofMinutes(2);

    private static final Logger log = LoggerFactory.getLogger(ConnectionRecovery.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int TIDY_EVERY = 30;
    private static final int MOST_LOST = 100_000; // what is more is forgotten when this instance has left
    private static final int SECRET_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RecoveryStore store;
    private final Duration window;
    private final Members members;
    private final Map<String, SavedConnection> lost = new ConcurrentHashMap<>(); // not told to the store yet
    private final Periodic telling;
    private final UUID self;
    private volatile boolean tidySoon = true;
    private int runs;

    /**
     * Over {@code store}, for the instance that is itself among {@code members}.
     *
     * @param window for how long a lost connection can be continued, at least, from a second on; after the death of an
     *     instance some seconds longer
     */
    public ConnectionRecovery(RecoveryStore store, Duration window, Members members) {
        if (window.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "recovery window is " + window + "; allowed are " + SHORTEST + " and more");
        }
        this.window = window;
        this.store = store;
        this.members = members;
        this.self = members.self().process();
        members.listen(new MembershipListener() {
            @Override
            public void rejoined(Member rejoined) {
                tidySoon = true; // the others have taken what this instance has for lost
            }
        });
        this.telling = new Periodic("tutti-recovery", PACE, this::run);
    }

    /** A new secret for a client. */
    public String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /**
     * Keeps a connection whose client holds {@code secret}. Blocks.
     *
     * @throws TuttiException if it cannot be kept
     */
    public SavedConnection add(String secret, Json state) {
        SavedConnection added = new SavedConnection(key(secret), self, 1, state);
        store.add(added);
        return added;
    }

    /**
     * Changes one; false if another instance has taken it over, or if it was forgotten. Blocks.
     *
     * @throws TuttiException if it is unknown whether it was changed
     */
    public boolean save(SavedConnection connection) {
        return store.save(new SavedConnection(connection.key(), self, connection.claim(), connection.state()));
    }

    /**
     * Takes over the connection of the client that shows {@code secret}; empty if it cannot be continued. Blocks.
     *
     * @throws TuttiException if the store cannot be reached
     */
    public Optional<SavedConnection> take(String secret) {
        String key = key(secret);
        Optional<SavedConnection> taken = store.take(key, self, window);
        lost.remove(key); // not before: if the store is away, it is to be told of the loss
        return taken;
    }

    /** Notes that one's client is gone, but may come back. */
    public void lost(SavedConnection connection) {
        if (lost.size() < MOST_LOST) {
            lost.put(connection.key(), connection);
        }
    }

    /** Forgets one whose client is not to come back, soon. */
    public void forget(SavedConnection connection) {
        Thread.ofVirtual().name("tutti-recovery").start(() -> {
            try {
                store.forget(connection);
            } catch (TuttiException away) {
                lost(connection); // then it is forgotten after the window
            }
        });
    }

    private void run() {
        try {
            tellLost();
            if ((++runs >= TIDY_EVERY || tidySoon) && members.current()) {
                tidySoon = false;
                runs = 0;
                store.tidy(self, others(), window);
            }
        } catch (TuttiException away) {
            log.debug("Lost connections are told later", away);
        }
    }

    private void tellLost() {
        List<SavedConnection> some = new ArrayList<>(lost.values());
        if (!some.isEmpty()) {
            store.lost(some);
            some.forEach(told -> lost.remove(told.key(), told));
        }
    }

    private List<UUID> others() {
        return members.others().stream().map(Member::process).toList();
    }

    private static String key(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** Tells no more. Idempotent. */
    @Override
    public void close() {
        telling.close();
    }
}
