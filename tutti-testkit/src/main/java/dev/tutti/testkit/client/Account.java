package dev.tutti.testkit.client;

/**
 * The account of somebody who has signed up.
 *
 * @param id the user's id
 * @param name what one logs in with
 * @param token an access token
 */
public record Account(String id, String name, String token) {
    /** The password that everybody logs in with. */
    public static final String PASSWORD = "correct horse battery";
}
