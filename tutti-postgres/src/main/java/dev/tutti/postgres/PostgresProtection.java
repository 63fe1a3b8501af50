package dev.tutti.postgres;

import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.PSQLException;

/** The protection of the way to a database, as its URL says. */
public enum PostgresProtection {
    /** It does not leave this machine. */
    LOCAL,
    /** TLS, and the server proves that it is the one which is meant: {@code sslmode=verify-full}. */
    VERIFIED,
    /** TLS, but somebody else may answer: {@code sslmode=require} or {@code verify-ca}. */
    UNVERIFIED,
    /** None: {@code sslmode=disable}. */
    NONE,
    /** The URL does not say it, or that it is whatever the other side likes: {@code prefer} or {@code allow}. */
    UNSAID;

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[?(?:::1|0:0:0:0:0:0:0:1)]?");
    private static final String UNCHECKED = "org.postgresql.ssl.NonValidatingFactory";

    /**
     * The protection of the way that {@code jdbcUrl} names.
     *
     * @throws IllegalArgumentException if the driver does not understand it
     */
    static PostgresProtection of(String jdbcUrl) {
        @Nullable Properties parsed = Driver.parseURL(jdbcUrl, null);
        if (parsed == null) {
            throw new IllegalArgumentException("the driver does not understand the URL of the database");
        }
        if (isLocal(parsed)) {
            return LOCAL;
        }
        boolean said = parsed.containsKey("sslmode") || parsed.containsKey("ssl");
        return switch (mode(parsed)) {
            case VERIFY_FULL -> UNCHECKED.equals(parsed.getProperty("sslfactory")) ? UNVERIFIED : VERIFIED;
            case VERIFY_CA, REQUIRE -> UNVERIFIED;
            case DISABLE -> said ? NONE : UNSAID;
            case ALLOW, PREFER -> UNSAID;
        };
    }

    private static boolean isLocal(Properties parsed) {
        if (parsed.containsKey("socketFactory")) {
            return true; // as for a Unix socket
        }
        for (String host : parsed.getProperty("PGHOST", "localhost").split(",", -1)) {
            if (!LOOPBACK.matcher(host).matches()) {
                return false;
            }
        }
        return true;
    }

    private static SslMode mode(Properties parsed) {
        try {
            return SslMode.of(parsed);
        } catch (PSQLException unknown) {
            throw new IllegalArgumentException(
                    "sslmode is '" + parsed.getProperty("sslmode")
                            + "'; allowed are verify-full, verify-ca, require and disable",
                    unknown);
        }
    }
}
