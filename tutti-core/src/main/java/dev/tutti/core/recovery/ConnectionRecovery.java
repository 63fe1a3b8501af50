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
 * Saves the state of this instance's connections, so that their clients can continue them, here or at another instance. A client proves
 * with a secret that a connection is its own; the store has only a digest of the secret. A connection can be continued within the recovery
 * window after it was lost.
 *
 * <p>Safe for use by many threads. Methods that block say so.
 */
public final class ConnectionRecovery implements AutoCloseable {
    /** The default window: 2 minutes. */
    public static final Duration WINDOW = Duration.ofMinutes(2);

    private static final Logger log = LoggerFactory.getLogger(ConnectionRecovery.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int TIDY_EVERY = 30;
    private static final int MOST_LOST = 100_000; // others are marked as lost when this instance has left
    private static final int SECRET_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RecoveryStore store;
    private final Duration window;
    private final Members members;
    private final Map<String, SavedConnection> lost = new ConcurrentHashMap<>(); // not yet marked in the store
    private final Periodic telling;
    private final UUID self;
    private volatile boolean tidySoon = true;
    private int runs;

    /**
     * Recovery over {@code store}, for the instance that is {@link Members#self}.
     *
     * @param window the time for which a lost connection can be continued, at least 1 s; after the death of its instance some seconds
     *     longer
     * @throws IllegalArgumentException if the window is too short
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
                tidySoon = true; // the others may have marked this instance's connections as lost
            }
        });
        this.telling = new Periodic("tutti-recovery", PACE, this::run);
    }

    /** A new random secret for a client. Does not block. */
    public String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /**
     * Adds a connection whose client has {@code secret}. Blocks.
     *
     * @throws TuttiException with {@code UNAVAILABLE} if the store cannot be reached
     */
    public SavedConnection add(String secret, Json state) {
        SavedConnection added = new SavedConnection(key(secret), self, 1, state);
        store.add(added);
        return added;
    }

    /**
     * Saves the state of a connection; false if another instance has taken it over, or if the store has forgotten it. Blocks.
     *
     * @throws TuttiException with {@code UNAVAILABLE} if it is unknown whether the state was saved
     */
    public boolean save(SavedConnection connection) {
        return store.save(new SavedConnection(connection.key(), self, connection.claim(), connection.state()));
    }

    /**
     * Takes over the connection of the client that presents {@code secret}; empty if it cannot be continued. Blocks.
     *
     * @throws TuttiException with {@code UNAVAILABLE} if the store cannot be reached
     */
    public Optional<SavedConnection> take(String secret) {
        String key = key(secret);
        Optional<SavedConnection> taken = store.take(key, self, window);
        lost.remove(key); // afterwards: if the store is unavailable, the loss is still to be marked there
        return taken;
    }

    /** Marks a connection as lost, within a second or so: its client may come back within the window. Does not block. */
    public void lost(SavedConnection connection) {
        if (lost.size() < MOST_LOST) {
            lost.put(connection.key(), connection);
        }
    }

    /** Removes a connection that is not to be continued, soon. Does not block. */
    public void forget(SavedConnection connection) {
        Thread.ofVirtual().name("tutti-recovery").start(() -> {
            try {
                store.forget(connection);
            } catch (TuttiException away) {
                lost(connection); // the store forgets it after the window
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

    /** Ends the updates of the store. Idempotent. */
    @Override
    public void close() {
        telling.close();
    }
}
