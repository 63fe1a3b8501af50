package dev.tutti.redis;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The errors that tell an operator why a Redis cannot be used. */
final class RedisFailure {
    private static final List<String> REFUSALS = List.of("WRONGPASS", "NOAUTH", "NOPERM");
    private static final String SCHEMES = "; rediss:// is with TLS, redis:// without";

    private RedisFailure() {}

    /** A Redis cannot be connected to. */
    static TuttiException of(RedisAddress address, RedisUse use, Throwable failure) {
        return refused(address, use, why(failure), failure);
    }

    /** Nothing failed, and nothing came over the bus. */
    static TuttiException silence(RedisAddress address) {
        return refused(
                address,
                RedisUse.BUS,
                "no message came back within " + RedisConnector.PATIENCE.toSeconds()
                        + " s (a cluster must be of Redis 7 or newer, and all its slots served)",
                null);
    }

    private static TuttiException refused(RedisAddress address, RedisUse use, String why, @Nullable Throwable cause) {
        return new TuttiException(
                ErrorCode.UNAVAILABLE,
                "the " + use.title() + " cannot be used through Redis at " + address + ": " + why
                        + "; check REDIS_URL, or REDIS_HOST and REDIS_PASSWORD, and that Redis is running",
                cause);
    }

    /**
     * Whether it fails for a reason that trying again does not end: the user, the password, what the user may do when it connects, or the
     * certificate. A connection that ended, and a server that is silent, may be well later.
     */
    static boolean isRefusal(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            String message = String.valueOf(next.getMessage());
            if (next instanceof CertificateException) {
                return true;
            }
            if (next instanceof RedisCommandExecutionException
                    && REFUSALS.stream().anyMatch(message::startsWith)) {
                return true;
            }
        }
        return false;
    }

    private static String unanswered(String message) {
        return "the connection ended before it answered (" + message + ")" + SCHEMES;
    }

    /** The reason, in words for an operator. Lettuce itself says where it failed; the reason is further down. */
    static String why(Throwable failure) {
        Throwable root = failure;
        for (Throwable next = failure; next != null; next = next.getCause()) {
            root = next;
            if (next instanceof SSLException || next instanceof UnknownHostException) {
                break; // below are details of the check or of the query
            }
        }
        String message = Optional.ofNullable(root.getMessage()).orElseGet(root.getClass()::getSimpleName);
        return switch (root) {
            case UnknownHostException unknown -> "there is no host of that name (" + message + ")";
            case ConnectException unreachable -> "nobody listens there (" + message + ")";
            case NoRouteToHostException unreachable -> "no way leads there (" + message + ")";
            case SSLException unencrypted ->
                "TLS failed (" + message + "); the certificate must be signed with one that"
                        + " Java or REDIS_CA_FILE trusts, and be for this host" + SCHEMES;
            case IOException broken -> unanswered(message); // each transport has words of its own for a reset
            case RedisConnectionException closed when message.contains("closed prematurely") -> unanswered(message);
            case RedisCommandTimeoutException silence -> "it does not answer (" + message + ")" + SCHEMES;
            case RedisCommandExecutionException refusal
            when message.startsWith("WRONGPASS") -> "it refuses the user or the password (" + message + ")";
            case RedisCommandExecutionException refusal
            when message.startsWith("NOAUTH") -> "it wants a password (" + message + ")";
            case RedisCommandExecutionException refusal
            when message.startsWith("NOPERM") -> "the user may not connect (" + message + ")";
            default -> message;
        };
    }
}
