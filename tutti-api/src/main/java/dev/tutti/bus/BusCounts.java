package dev.tutti.bus;

/**
 * The work of a bus since it was created. Each number only grows.
 *
 * @param published messages that were published and sent
 * @param received messages of other instances that the listener got
 * @param dropped messages that were not sent, or not received, because too much waited or the bus was unavailable
 * @param ignored messages of other instances that arrived although this instance has not subscribed to their topic
 * @param foreign frames that arrived and were not read: from another version, or from another program
 */
public record BusCounts(long published, long received, long dropped, long ignored, long foreign) {
    /** The counts of a bus that does not count. */
    public static final BusCounts NONE = new BusCounts(0, 0, 0, 0, 0);
}
