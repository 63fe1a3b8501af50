package dev.tutti.edge.http;

import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a connection's writes: whether it takes what waits to be written to it, as seen from look to look. Confined to
 * its event loop.
 */
final class WriteProgress {
    private boolean waiting;
    private int first; // by its identity: the message itself would be kept beyond its end
    private long taken; // of the first one, in bytes
    private long since;

    /** For how many nanoseconds nothing of {@code unsent} has been taken by {@code now}; 0 if nothing waits. */
    long stalled(@Nullable ChannelOutboundBuffer unsent, long now) {
        if (unsent == null || unsent.totalPendingWriteBytes() == 0) {
            waiting = false;
            return 0;
        }
        int head = System.identityHashCode(unsent.current());
        long progress = unsent.currentProgress();
        if (!waiting || head != first || progress != taken) {
            waiting = true;
            first = head;
            taken = progress;
            since = now;
        }
        return now - since;
    }
}
