package dev.tutti.testkit.client;

/**
 * Somebody who has signed up.
 *
 * @param id the user's id
 * @param name what one logs in with
 * @param token an access token
 */
public record Account(String id, String name, String token) {
    /** What everybody logs in with. */
    public static final String PASSWORD = "correct horse battery";
}
