package dev.tutti.core.session;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.Seal;
import dev.tutti.concurrent.Failures;
import dev.tutti.session.AttributeStore;
import dev.tutti.session.Sessions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attributes of sessions over an {@link AttributeStore} that cannot read them. Each value is sealed for its session and name, so
 * that one that was put elsewhere, or made up, does not open: it is counted, and counts as absent. A value that was sealed with a
 * secret that is being replaced is sealed anew when it is read. Safe for use by many threads; blocks.
 */
public final class SealedSessions implements Sessions {
    /** Values in the store that did not open. */
    public static final String REFUSED = "tutti.session.attributes.refused";

    private static final Logger log = LoggerFactory.getLogger(SealedSessions.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MAX_ENDING = 256;

    private final AttributeStore store;
    private final SessionNames names;
    private final Seal seal;
    private final Seal previous;
    private final Duration ttl;
    private final Function<Object, byte[]> writer;
    private final Function<byte[], Object> reader;
    private final Counter refused;
    private final Semaphore ending = new Semaphore(MAX_ENDING);

    /**
     * Those of {@code store}.
     *
     * @param seal of the current secret
     * @param previous opens what was sealed with any of the others
     * @param writer makes JSON of a value
     * @param reader makes a value of JSON
     */
    public SealedSessions(
            AttributeStore store,
            SessionSettings settings,
            Seal seal,
            Seal previous,
            Function<Object, byte[]> writer,
            Function<byte[], Object> reader,
            MeterRegistry meters) {
        this.store = store;
        this.names = new SessionNames(settings.nameSecrets());
        this.ttl = settings.ttl();
        this.seal = seal;
        this.previous = previous;
        this.writer = writer;
        this.reader = reader;
        this.refused = Counter.builder(REFUSED)
                .description(
                        "Attributes of sessions in the store that do not open: sealed with an unknown secret, or forged")
                .register(meters);
    }

    @Override
    public Map<String, Object> attributes(String session) {
        return attributes(session, ttl);
    }

    @Override
    public Map<String, Object> attributes(String session, Duration left) {
        AttributeStore.Key key = names.of(session);
        Map<String, Object> attributes = new TreeMap<>();
        Map<String, byte[]> old = new HashMap<>();
        Map<String, byte[]> anew = new HashMap<>();
        store.read(key, kept(left)).forEach((name, kept) -> {
            String place = place(session, name);
            Optional<byte[]> value = seal.open(place, kept);
            if (value.isEmpty()) {
                value = previous.open(place, kept);
                value.ifPresent(bytes -> {
                    old.put(name, kept);
                    anew.put(name, seal.close(place, bytes));
                });
            }
            value.ifPresentOrElse(bytes -> attributes.put(name, reader.apply(bytes)), refused::increment);
        });
        if (!old.isEmpty()) {
            sealAnew(key, old, anew);
        }
        return attributes;
    }

    /** A replacement that fails here is made at the next use. */
    private void sealAnew(AttributeStore.Key key, Map<String, byte[]> old, Map<String, byte[]> anew) {
        try {
            store.replace(key, old, anew);
        } catch (TuttiException away) {
            log.debug("Attributes of a session keep the seal of the secret before", away);
        }
    }

    private Duration kept(Duration left) {
        return left.compareTo(ttl) < 0 ? left : ttl;
    }

    @Override
    public Map<String, Object> change(String session, Map<String, @Nullable Object> changes) {
        return change(session, changes, AttributeStore.MAX_BYTES, ttl);
    }

    @Override
    public Map<String, Object> change(
            String session, Map<String, @Nullable Object> changes, int mostBytes, Duration left) {
        int bytes = Math.min(mostBytes, AttributeStore.MAX_BYTES);
        if (changes.size() > AttributeStore.MAX_NAMES) {
            throw tooMany(bytes);
        }
        Map<String, byte[]> set = new HashMap<>();
        Set<String> removed = new HashSet<>();
        changes.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw new TuttiException(
                        ErrorCode.BAD_REQUEST, "an attribute has a name that is not 1 to 64 of A-Z a-z 0-9 . _ -");
            }
            if (value == null) {
                removed.add(name);
            } else {
                set.put(name, seal.close(place(session, name), writer.apply(value)));
            }
        });
        if (!changes.isEmpty() && !store.change(names.of(session), set, removed, bytes, kept(left))) {
            throw tooMany(bytes);
        }
        return attributes(session, left);
    }

    private static TuttiException tooMany(int bytes) {
        return new TuttiException(
                ErrorCode.LIMIT_REACHED,
                "the session would have too many attributes; allowed are " + AttributeStore.MAX_NAMES + " of " + bytes
                        + " bytes in all");
    }

    @Override
    public void end(String session) {
        if (!ending.tryAcquire()) {
            return; // they run out
        }
        try {
            Thread.ofVirtual().name("tutti-session-end").start(() -> remove(session));
        } catch (Throwable failure) { // no thread, as there is no memory
            ending.release();
            Failures.note("forgetting the attributes of a session", failure);
        }
    }

    private void remove(String session) {
        try {
            store.remove(names.of(session));
        } catch (TuttiException away) {
            log.debug("Attributes of a session that has ended are left to run out", away);
        } finally {
            ending.release();
        }
    }

    /** Where a value belongs; names have no NUL. */
    private static String place(String session, String name) {
        return "session\0" + session + '\0' + name;
    }
}
