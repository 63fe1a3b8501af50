package dev.tutti.edge.flow;

/** Something that goes on until this is closed, which is idempotent. */
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
