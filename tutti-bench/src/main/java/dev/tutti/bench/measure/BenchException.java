package dev.tutti.bench.measure;

/** A measurement that could not be made, or whose result cannot be trusted. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what went wrong. */
    public BenchException(String message) {
        super(message);
    }

    /** Says what went wrong, and why. */
    public BenchException(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
