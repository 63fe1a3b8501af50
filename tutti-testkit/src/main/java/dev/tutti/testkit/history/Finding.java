package dev.tutti.testkit.history;

/**
 * One broken guarantee. Immutable.
 *
 * @param fault the kind of the broken guarantee
 * @param stream the stream, or another name of the place
 * @param text a description for people: the message, and what is wrong with it
 */
public record Finding(Fault fault, String stream, String text) {
    @Override
    public String toString() {
        return fault + " in " + stream + ": " + text;
    }
}
