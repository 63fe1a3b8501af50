package dev.tutti.account;

import java.time.Instant;

/**
 * One login of a person.
 *
 * @param id which one; not secret
 * @param user whose
 * @param createdAt when they logged in
 * @param expiresAt when it ends unless it is refreshed before
 */
record Session(String id, String user, Instant createdAt, Instant expiresAt) {}
