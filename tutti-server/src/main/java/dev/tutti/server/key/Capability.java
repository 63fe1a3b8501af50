package dev.tutti.server.key;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that a key allows, written {@code action:pattern}, such as {@code publish:room:*}; without a pattern everything
 * of that action.
 *
 * @param action what may be done
 * @param pattern to which names; a {@code *} at its end stands for any end
 */
public record Capability(Action action, String pattern) {
    /** The longest, in characters. */
    public static final int MAX_LENGTH = 200;

    private static final String ANY = "*";
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~:/-]*\\*?");

    /** An action that may be allowed. */
    public enum Action {
        /** Append events to streams. */
        PUBLISH,
        /** Read streams and subscribe to them. */
        READ,
        /** Emit to rooms of Socket.IO, {@code namespace/room}, put people into them, and disconnect those who are in them. */
        EMIT,
        /** Disconnect those who are in rooms of Socket.IO, {@code namespace/room}, and nothing else that {@link #EMIT} allows. */
        DISCONNECT,
        /**
         * Ask who is connected, {@code /user:ID}, who is in rooms of Socket.IO, {@code namespace/room}, or under topics of the application.
         */
        PRESENCE,
        /** Delete the events of streams. */
        DELETE,
        /** Delete the files of people. */
        FILES,
        /** Look accounts up, end their sessions, disable and delete them, make administrators, invite, and delete preferences. */
        USERS,
        /** Enqueue jobs of a kind, look at them, cancel and retry them. */
        JOBS,
        /** Have the events of streams posted somewhere, and look at what is. */
        WEBHOOKS,
        /** Make, list and revoke keys: it allows whatever a key can. */
        KEYS;

        private static String all() {
            return Arrays.stream(values())
                    .map(action -> action.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }
    }

    public Capability {
        if (pattern.isEmpty() || !FORM.matcher(pattern).matches()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "pattern '" + pattern
                            + "' of a capability is not a name of [A-Za-z0-9._~:/-], perhaps with a * at its end");
        }
    }

    /**
     * The one that {@code text} stands for.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it stands for none
     */
    public static Capability parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "a capability has " + text.length() + " characters; allowed are " + MAX_LENGTH);
        }
        int colon = text.indexOf(':');
        String action = colon < 0 ? text : text.substring(0, colon);
        return Arrays.stream(Action.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(action))
                .findFirst()
                .map(each -> new Capability(each, colon < 0 ? ANY : text.substring(colon + 1)))
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.BAD_REQUEST, "capability '" + text + "' begins with none of " + Action.all()));
    }

    /** Whether it allows {@code wanted} with what is called {@code name}. */
    public boolean allows(Action wanted, String name) {
        return action == wanted
                && (pattern.endsWith(ANY)
                        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                        : name.equals(pattern));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return action.name().toLowerCase(Locale.ROOT) + ":" + pattern;
    }
}
