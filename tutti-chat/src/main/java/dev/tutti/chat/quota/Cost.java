package dev.tutti.chat.quota;

/**
 * An amount of one quota.
 *
 * @param amount bytes or a number, as {@code kind} is counted
 */
public record Cost(Quota kind, long amount) {}
