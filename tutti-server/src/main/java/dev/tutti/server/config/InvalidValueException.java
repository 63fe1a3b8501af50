package dev.tutti.server.config;

/** A text is not a value of its {@link Type}. Never leaves this package: it becomes a {@link ConfigurationError}. */
final class InvalidValueException extends Exception {
    InvalidValueException() {
        this("");
    }

    /** Because of {@code mistake}, which says where it is; empty if there is but one place. */
    InvalidValueException(String mistake) {
        super(mistake, null, false, false);
    }
}
