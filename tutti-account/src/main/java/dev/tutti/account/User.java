package dev.tutti.account;

/**
 * A person, as others see them.
 *
 * @param id never changes; 24 characters of {@code 0-9 a-f}
 * @param name what they log in with, unique
 * @param displayName what is shown
 */
public record User(String id, String name, String displayName) {}
