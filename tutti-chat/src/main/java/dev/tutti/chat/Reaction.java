package dev.tutti.chat;

/**
 * How often one emoji was answered to a message.
 *
 * @param count people, 1 or more
 * @param own whether the one who reads this is among them
 */
record Reaction(String emoji, long count, boolean own) {}
