package dev.tutti.server.config;

/** A text is not a value of its {@link Type}. Never leaves this package: it becomes a {@link ConfigurationError}. */
final class Refused extends Exception {
    Refused() {
        this("");
    }

    /** Because of {@code mistake}, which says where it is; empty if there is but one place. */
    Refused(String mistake) {
        super(mistake, null, false, false);
    }
}
