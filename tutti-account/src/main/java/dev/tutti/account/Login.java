package dev.tutti.account;

import java.time.Instant;

/**
 * Somebody who has just logged in or refreshed.
 *
 * @param user who
 * @param session which login
 * @param expiresAt when the access token runs out
 * @param accessToken shows who they are
 * @param refreshToken gets the next one
 */
record Login(User user, Session session, Instant expiresAt, String accessToken, String refreshToken) {}
