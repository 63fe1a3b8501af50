package dev.tutti.chat.quota;

/**
 * The amounts that one account may use up in a day of UTC. Each is 1 or more.
 *
 * @param bytes of events, what an event takes besides its text included
 * @param streams that it creates
 * @param conversations that it begins with, or brings into, people who have not agreed
 */
public record QuotaSettings(long bytes, long streams, long conversations) {
    /** More than people need, and less than what fills a disk. */
    public static final QuotaSettings DEFAULT = new QuotaSettings(1L << 30, 10_000, 500);

    public QuotaSettings {
        if (bytes < 1 || streams < 1 || conversations < 1) {
            throw new IllegalArgumentException("quotas are " + bytes + " bytes, " + streams + " streams and "
                    + conversations + " conversations; allowed are 1 and more");
        }
    }

    /** How much there is of {@code kind}. */
    long of(Quota kind) {
        return switch (kind) {
            case BYTES -> bytes;
            case STREAMS -> streams;
            case CONVERSATIONS -> conversations;
        };
    }
}
