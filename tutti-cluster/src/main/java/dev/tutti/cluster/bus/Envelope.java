package dev.tutti.cluster.bus;

/**
 * The cover of each message between instances, over whatever bus. Safe for use by many threads, but that {@link #open} is
 * called by one at a time.
 */
sealed interface Envelope permits SealedEnvelope, OpenEnvelope {
    /** The first byte. Frames of releases that had no envelope began with 0 to 10 or a letter. */
    byte OPEN_FORMAT = (byte) 0x80;

    /** The same of {@link SealedEnvelope}. */
    byte SEALED_FORMAT = (byte) 0x81;

    /** Whether nobody else can read or write what is in it. */
    boolean isSealed();

    /** {@code payload} as it goes over the bus on {@code topic}. */
    byte[] close(String topic, int version, byte[] payload);

    /**
     * The message in {@code frame}, which came over the bus on {@code topic}, where {@code version} is understood, or why it is
     * refused; total.
     */
    Opened open(String topic, int version, byte[] frame);
}
