package dev.tutti.edge.flow;

/** Something that goes on until this is closed, which is idempotent. */
public interface Handle extends AutoCloseable {
    @Override
    void close();
}
