package dev.tutti.server.config;

/** A text is not a value of its {@link Type}. Never leaves this package: it becomes a {@link Mistake}. */
final class Refused extends Exception {
    Refused() {
        super("not allowed", null, false, false);
    }
}
