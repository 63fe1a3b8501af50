package dev.tutti.bus;

/**
 * The work of a bus since it was made. Each number only grows.
 *
 * @param published messages that were handed to it and went out
 * @param received messages of others that the listener was given
 * @param dropped messages that were not sent, or not heard, because too much waited or the bus was away
 * @param ignored messages of others that came though nobody here has subscribed to their topic
 * @param foreign frames that came and were not read: of another version, or of somebody else
 */
public record BusCounts(long published, long received, long dropped, long ignored, long foreign) {
    /** Of a bus that does not count. */
    public static final BusCounts NONE = new BusCounts(0, 0, 0, 0, 0);
}
