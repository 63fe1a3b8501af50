package dev.tutti.server.hook;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verdict of a backend on a question. */
sealed interface HookVerdict {
    /** For how long it may be given again without asking. */
    Duration ttl();

    /** The act may be done. */
    record Allowed(Duration ttl) implements HookVerdict {}

    /** The act may not be done, which the client is told in these words. */
    record Denied(ErrorCode code, String message, Duration ttl) implements HookVerdict {}

    /** The answer of a backend as it comes. */
    record Answer(
            @Nullable Boolean allow,
            @Nullable String code,
            @Nullable String message,
            @Nullable Integer ttl) {
        private static final int LONGEST_TTL = 3_600;
        private static final int LONGEST_MESSAGE = 200;
        private static final Set<ErrorCode> CODES = Set.of(
                ErrorCode.FORBIDDEN,
                ErrorCode.UNAUTHENTICATED,
                ErrorCode.NOT_FOUND,
                ErrorCode.CONFLICT,
                ErrorCode.RATE_LIMITED,
                ErrorCode.QUOTA_EXCEEDED,
                ErrorCode.LIMIT_REACHED);

        /**
         * The verdict that it says.
         *
         * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if that is neither yes nor no
         */
        HookVerdict verdict() {
            if (allow == null) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "allow is missing");
            }
            Duration kept = Duration.ofSeconds(ttl == null ? 0 : Math.clamp(ttl, 0, LONGEST_TTL));
            return allow ? new Allowed(kept) : new Denied(known(), told(), kept);
        }

        private ErrorCode known() {
            return CODES.stream()
                    .filter(each -> each.text().equals(code))
                    .findFirst()
                    .orElse(ErrorCode.FORBIDDEN);
        }

        private String told() {
            boolean fit = message != null
                    && !message.isBlank()
                    && message.length() <= LONGEST_MESSAGE
                    && message.codePoints()
                            .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
            return fit ? String.valueOf(message) : "you may not do that";
        }
    }
}
