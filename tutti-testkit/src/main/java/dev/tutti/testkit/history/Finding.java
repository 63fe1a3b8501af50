package dev.tutti.testkit.history;

/**
 * One broken promise.
 *
 * @param fault which kind
 * @param stream where
 * @param text what is wrong with which message, in words
 */
public record Finding(Fault fault, String stream, String text) {
    @Override
    public String toString() {
        return fault + " in " + stream + ": " + text;
    }
}
