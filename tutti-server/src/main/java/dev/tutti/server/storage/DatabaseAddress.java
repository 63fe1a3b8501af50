package dev.tutti.server.storage;

import dev.tutti.embedded.EmbeddedDatabase;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL is, and who asks.
 *
 * @param jdbcUrl for JDBC; holds no password, unless somebody gave us one that does
 * @param user the user, if it is not in the URL
 * @param password the password, if there is one and it is not in the URL
 */
record DatabaseAddress(String jdbcUrl, Optional<String> user, Optional<String> password) {
    private static final Pattern LIBPQ = Pattern.compile("postgres(?:ql)?://(?:([^/]*)@)?([^/?]*)(/[^?]*)?(\\?.*)?");

    /**
     * The address that {@code url} gives: as JDBC writes it, or as libpq and its relatives do, {@code
     * postgres://user:password@host:port/database?parameters}, where user and password may be percent-encoded.
     */
    static DatabaseAddress of(String url) {
        Matcher libpq = LIBPQ.matcher(url);
        if (!libpq.matches()) {
            return new DatabaseAddress(url, Optional.empty(), Optional.empty());
        }
        String jdbc = "jdbc:postgresql://" + libpq.group(2) + part(libpq, 3).orElse("/")
                + part(libpq, 4).orElse("");
        String[] who = part(libpq, 1).orElse("").split(":", 2);
        return new DatabaseAddress(
                jdbc,
                Optional.of(decoded(who[0])).filter(name -> !name.isEmpty()),
                who.length == 2 ? Optional.of(decoded(who[1])) : Optional.empty());
    }

    static DatabaseAddress of(EmbeddedDatabase database) {
        return new DatabaseAddress(database.jdbcUrl(), Optional.of(database.user()), Optional.of(database.password()));
    }

    /** Host, port and database, for messages. */
    String shown() {
        return jdbcUrl.replaceFirst("^jdbc:postgresql://", "").replaceFirst("\\?.*", "");
    }

    @Override
    public String toString() {
        return shown();
    }

    private static Optional<String> part(Matcher matcher, int group) {
        return Optional.ofNullable(matcher.group(group));
    }

    /** Percent-decoded; a plus sign stays one, and what is no encoding stays what it is. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException plain) {
            return text;
        }
    }
}
