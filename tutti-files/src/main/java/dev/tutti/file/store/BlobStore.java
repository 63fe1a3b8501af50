package dev.tutti.file.store;

import java.io.InputStream;

/**
 * The store of the bytes of files, the same one for all instances: objects that are written once, whole, and not changed. The
 * names of objects are known by whoever has put them there; nothing is listed. Safe for use by many threads; blocks. Failures are
 * {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}.
 */
public interface BlobStore extends AutoCloseable {
    /** The name of this store, the same wherever it is opened, and no other one's. */
    String id();

    /** Writes an object: the first {@code length} of {@code bytes}. When this returns it lasts; before that there is none. */
    void put(String name, byte[] bytes, int length);

    /** Reads {@code length} bytes of an object, from the one with number {@code from} on. */
    InputStream open(String name, long from, long length);

    /** Deletes an object, and what is left of an attempt to write it. Idempotent. */
    void delete(String name);

    @Override
    void close();
}
