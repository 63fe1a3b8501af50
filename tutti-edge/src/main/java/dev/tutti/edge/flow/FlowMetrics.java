package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** The metrics of connections and their messages. Safe for use by many threads. */
public final class FlowMetrics {
    /** Connections that are open, by {@value #TRANSPORT}. */
    public static final String CONNECTIONS = "tutti.connections";
    /** Messages that clients sent. */
    public static final String MESSAGES_IN = "tutti.messages.in";
    /** Messages that were written to clients. */
    public static final String MESSAGES_OUT = "tutti.messages.out";
    /** Bytes of messages that clients sent, inflated. */
    public static final String BYTES_IN = "tutti.bytes.in";
    /** Bytes of messages that were written to clients, before they are compressed. */
    public static final String BYTES_OUT = "tutti.bytes.out";
    /** Messages that were not written, by {@value #REASON}: {@code not_ready}, {@code overflow} or {@code closed}. */
    public static final String DROPS = "tutti.messages.dropped";
    /** Connections, messages and requests that were refused, and connections that were closed, by {@value #CODE}. */
    public static final String REFUSALS = "tutti.refusals";

    /** Which way of connecting: {@code websocket}, {@code sse}, {@code polling}. */
    public static final String TRANSPORT = "transport";
    /** Why a message was dropped. */
    public static final String REASON = "reason";
    /** An {@link ErrorCode#text()}. */
    public static final String CODE = "code";

    private final Counter messagesIn;
    private final Counter messagesOut;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter notReady;
    private final Counter overflow;
    private final Counter closed;
    private final Map<ErrorCode, Counter> refusals = new EnumMap<>(ErrorCode.class);

    /** Metrics that report to {@code meters}. */
    public FlowMetrics(MeterRegistry meters) {
        messagesIn = counter(meters, MESSAGES_IN, "Messages from clients");
        messagesOut = counter(meters, MESSAGES_OUT, "Messages written to clients");
        bytesIn = Counter.builder(BYTES_IN)
                .description("Bytes of messages from clients")
                .baseUnit("bytes")
                .register(meters);
        bytesOut = Counter.builder(BYTES_OUT)
                .description("Bytes of messages written to clients")
                .baseUnit("bytes")
                .register(meters);
        notReady = drops(meters, "not_ready");
        overflow = drops(meters, "overflow");
        closed = drops(meters, "closed");
        for (ErrorCode code : ErrorCode.values()) {
            refusals.put(
                    code,
                    Counter.builder(REFUSALS)
                            .description("What was refused or cut, by error code")
                            .tag(CODE, code.text())
                            .register(meters));
        }
    }

    /** A client sent a message of {@code bytes}. */
    public void received(int bytes) {
        messagesIn.increment();
        bytesIn.increment(bytes);
    }

    /** Something was refused, or a connection cut, with {@code code}. */
    public void refused(ErrorCode code) {
        Counter counter = refusals.get(code);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Messages were given to a client. */
    public void written(int messages, int bytes) {
        messagesOut.increment(messages);
        bytesOut.increment(bytes);
    }

    /** Messages were dropped because a client was not ready. */
    public void droppedNotReady(int messages) {
        notReady.increment(messages);
    }

    void droppedByOverflow(int messages) {
        overflow.increment(messages);
    }

    void droppedClosed(int messages) {
        closed.increment(messages);
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    private static Counter drops(MeterRegistry meters, String reason) {
        return Counter.builder(DROPS)
                .description("Messages that were not written")
                .tag(REASON, reason)
                .register(meters);
    }
}
