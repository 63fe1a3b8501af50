package dev.tutti.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a database, with the user, as in {@code DATABASE_URL}.
 *
 * @param jdbcUrl the JDBC URL, without user and password
 * @param user the user; empty for the driver's default
 * @param password the password; empty for none
 */
public record PostgresAddress(String jdbcUrl, String user, String password) {
    // scheme, user, password, hosts with ports, database, parameters: libpq's connection URIs, section 32.1.1.2
    private static final Pattern FORM =
            Pattern.compile("postgres(?:ql)?://(?:([^:@/]*)(?::([^@/]*))?@)?([^/?@]*)(?:/([^?]*))?(?:\\?(.*))?");
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");

    /** The parameters that have another name in libpq and related drivers than in the JDBC driver. */
    private static final Map<String, String> RENAMED = Map.of(
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "target_session_attrs", "targetServerType");

    private static final Map<String, String> SESSION_ATTRIBUTES = Map.of(
            "any", "any",
            "read-write", "primary",
            "primary", "primary",
            "read-only", "secondary",
            "standby", "secondary",
            "prefer-standby", "preferSecondary");

    /**
     * Reads {@code postgresql://user:password@host:port/database?sslmode=…}, also with {@code postgres:}, several hosts or
     * percent-encoding, and {@code jdbc:postgresql:} as the driver defines it. {@code pgbouncer=true}, as in some frameworks,
     * switches prepared statements off. {@code sslrootcert=system}, as in libpq, stands for the authorities that Java trusts.
     *
     * @throws IllegalArgumentException if the text has neither form; the message does not repeat it, because it may contain a password
     */
    public static PostgresAddress parse(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return ofJdbc(url);
        }
        Matcher parts = FORM.matcher(url.strip());
        if (!parts.matches()) {
            throw refused("it is not of that form");
        }
        String hosts = parts.group(3).isEmpty() ? "localhost" : parts.group(3);
        for (String host : hosts.split(",", -1)) {
            if (!HOST.matcher(host).matches()) {
                throw refused("a host in it is not host or host:port");
            }
        }
        Map<String, String> parameters = parameters(parts.group(5));
        String user = parameters.getOrDefault("user", decode(parts.group(1)));
        String password = parameters.getOrDefault("password", decode(parts.group(2)));
        parameters.remove("user");
        parameters.remove("password");
        String database = decode(parts.group(4));
        return new PostgresAddress(
                "jdbc:postgresql://" + hosts + "/" + encode(database.isEmpty() ? user : database) + query(parameters),
                user,
                password);
    }

    private static PostgresAddress ofJdbc(String url) {
        int question = url.indexOf('?');
        Map<String, String> parameters = parameters(question < 0 ? null : url.substring(question + 1));
        String user = parameters.getOrDefault("user", "");
        String password = parameters.getOrDefault("password", "");
        parameters.remove("user");
        parameters.remove("password");
        return new PostgresAddress(
                (question < 0 ? url : url.substring(0, question)) + query(parameters), user, password);
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new TreeMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw refused("a parameter in it is not name=value");
            }
            String name = decode(parameter.substring(0, equals));
            String value = decode(parameter.substring(equals + 1));
            if (name.equals("pgbouncer")) {
                if (value.equals("true")) {
                    parameters.put("prepareThreshold", "0");
                }
            } else if (name.equals("target_session_attrs")) {
                parameters.put("targetServerType", SESSION_ATTRIBUTES.getOrDefault(value, value));
            } else if (name.equals("sslrootcert") && value.equals("system")) {
                parameters.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            } else {
                parameters.put(RENAMED.getOrDefault(name, name), value);
            }
        }
        return parameters;
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? '?' : '&')
                .append(encode(name))
                .append('=')
                .append(encode(value)));
        return query.toString();
    }

    private static String decode(@Nullable String text) {
        try {
            // a plus is a plus: this is no form
            return text == null ? "" : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("a percent sign in it does not begin an encoded byte");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The protection of the connection to the database. */
    public PostgresProtection protection() {
        return PostgresProtection.of(jdbcUrl);
    }

    /**
     * Makes sure that a password is not sent to another machine unless the URL says how the connection is protected.
     *
     * @param setting the name of the URL, for the message
     * @throws IllegalArgumentException if the database is on another machine and the URL does not say {@code sslmode}
     */
    public void requireProtection(String setting) {
        if (protection() == PostgresProtection.UNSAID) {
            throw new IllegalArgumentException(setting + ": the database is not on this machine (" + jdbcUrl
                    + "), and sslmode does not say how the link is protected. Add one of these to the URL:"
                    + " sslmode=verify-full (TLS, and the server proves who it is; with sslrootcert=/path/to/ca.pem, or"
                    + " sslrootcert=system for the authorities that Java trusts), sslmode=require (TLS, but somebody else"
                    + " may answer in its place), sslmode=disable (no TLS: the network itself is trusted, as between this"
                    + " machine and a PgBouncer beside it)");
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("DATABASE_URL: " + why
                + "; allowed are postgresql://user:password@host:port/database?sslmode=…" + " and jdbc:postgresql:…");
    }

    /** The address without the password. */
    @Override
    public String toString() {
        return jdbcUrl + (user.isEmpty() ? "" : " as " + user);
    }
}
