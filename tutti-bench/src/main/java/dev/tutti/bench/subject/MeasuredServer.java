package dev.tutti.bench.subject;

/** One server that is measured, or the raw limit that it is measured against. */
interface MeasuredServer extends AutoCloseable {
    /** Where clients connect. */
    int port();

    /** Sends one message to all subscribers, with the time in it. One thread at a time. */
    void send();

    @Override
    void close();
}
