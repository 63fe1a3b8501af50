package dev.tutti.edge;

import dev.tutti.concurrent.HeapShare;
import dev.tutti.edge.flow.AdmissionSettings;

/**
 * The most that an edge takes: its settings, as far as the process can bear them.
 *
 * @param permits WebSockets, event streams and polling sessions at a time
 * @param sockets TCP connections at a time
 * @param inboundBytes of bodies and messages that were received and are not yet worked on
 * @param outboundBytes that wait to be sent, over all connections
 * @param wanted the permits that the settings have
 */
record EdgeBounds(int permits, int sockets, long inboundBytes, long outboundBytes, int wanted) {
    private static final long BODIES = 4; // so many of the largest have room, however small the heap is

    /** Those of {@code settings}: as many permits as are wanted, and as the process can have open beside those that have none yet. */
    static EdgeBounds of(EdgeSettings settings) {
        AdmissionSettings admission = settings.admission();
        int sockets = Math.min(admission.sockets(), 2 * settings.maxConnections() + settings.maxRequests());
        return new EdgeBounds(
                Math.max(1, Math.min(settings.maxConnections(), sockets / 10 * 9)),
                sockets,
                Math.max(admission.inboundBytes(), BODIES * settings.sizes().message()),
                admission.outboundBytes(),
                settings.maxConnections());
    }

    /** In words, for the log. */
    String text() {
        return ("%d connections and %d TCP connections (MAX_CONNECTIONS is %d, open files %d); %d MiB received and %d MiB to"
                        + " be sent may wait (heap %d MiB, direct memory %d MiB)")
                .formatted(
                        permits,
                        sockets,
                        wanted,
                        AdmissionSettings.openFiles(),
                        inboundBytes >> 20,
                        outboundBytes >> 20,
                        AdmissionSettings.heapBytes() >> 20,
                        AdmissionSettings.directBytes() >> 20);
    }

    /** The bounds of other parts of the instance, in words. */
    static String shares() {
        return ("%d MiB of messages that came over the bus and were not heard yet, %d MiB that wait to be sent over it, %d MiB"
                        + " of events that wait for the log, %d MiB of the latest messages of each recoverable namespace")
                .formatted(
                        HeapShare.BUS_RECEIVED.bytes() >> 20,
                        HeapShare.BUS_SENT.bytes() >> 20,
                        HeapShare.APPENDS.bytes() >> 20,
                        HeapShare.NAMESPACE.bytes() >> 20);
    }
}
