package dev.tutti.cli.proof;

/**
 * Somebody who has signed up.
 *
 * @param id the user's id
 * @param name what one logs in with
 * @param token an access token
 */
public record Account(String id, String name, String token) {
    /** The password of all accounts in these tests. */
    public static final String PASSWORD = "correct horse battery";
}
