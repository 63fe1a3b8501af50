package dev.tutti.testkit.client;

/**
 * An account of a test's user, as registered at a server.
 *
 * @param id the id of the user
 * @param name the name with which the user logs in
 * @param token an access token of the user
 */
public record Account(String id, String name, String token) {
    /** The password of all accounts. */
    public static final String PASSWORD = "correct horse battery";
}
