package dev.tutti.server.webhook;

import dev.tutti.core.input.Input;
import dev.tutti.server.outbound.SigningSecret;
import dev.tutti.stream.StreamName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place to which events of some streams are posted.
 *
 * @param id names it
 * @param url where
 * @param streams their names; a {@code *} at the end of one stands for any end
 * @param types which types of events; none stands for all
 * @param state whether anything is posted
 * @param createdAt since when events are posted
 * @param deliveredAt when something was delivered last, to within a second; null if never
 * @param failingSince the first failure since then; null if there was none
 * @param error the last failure, if it is failing
 * @param secrets what messages are signed with, the current one first
 */
public record Webhook(
        String id,
        String url,
        List<String> streams,
        List<String> types,
        State state,
        Instant createdAt,
        @Nullable Instant deliveredAt,
        @Nullable Instant failingSince,
        @Nullable String error,
        List<SigningSecret> secrets) {
    /** The most streams and patterns that one names. */
    public static final int MAX_STREAMS = 20;

    /** The most types that one names. */
    public static final int MAX_TYPES = 50;

    private static final Pattern PATTERN =
            Pattern.compile("([a-z][a-z0-9-]{0,31})?\\*|[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._~:-]{0,127}\\*");

    /** Whether anything is posted. */
    public enum State {
        /** Events are posted as they come. */
        ACTIVE,
        /** Somebody has stopped it. */
        PAUSED,
        /** It failed for too long. */
        DISABLED;

        /** As it goes over the wire. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Webhook {
        streams = List.copyOf(streams);
        types = List.copyOf(types);
        secrets = List.copyOf(secrets);
    }

    /** Whether events of {@code type} are posted. */
    boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }

    /**
     * Passes if {@code streams} are names of streams or patterns of such.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if they are not
     */
    public static void requireStreams(List<String> streams) {
        if (streams.isEmpty() || streams.size() > MAX_STREAMS) {
            throw Input.refused("streams has " + streams.size() + " entries; allowed are 1 to " + MAX_STREAMS);
        }
        for (String each : streams) {
            if (!PATTERN.matcher(each).matches()) {
                new StreamName(each).value();
            }
        }
    }
}
