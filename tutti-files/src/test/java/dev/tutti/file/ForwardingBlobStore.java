package dev.tutti.file;

import dev.tutti.file.store.BlobStore;
import java.io.InputStream;

/** A store that asks another one, for tests to change a part of what that does. As safe for many threads as that one. */
abstract class ForwardingBlobStore implements BlobStore {
    private final BlobStore behind;

    ForwardingBlobStore(BlobStore behind) {
        this.behind = behind;
    }

    @Override
    public String id() {
        return behind.id();
    }

    @Override
    public void put(String name, byte[] bytes, int length) {
        behind.put(name, bytes, length);
    }

    @Override
    public InputStream open(String name, long from, long length) {
        return behind.open(name, from, length);
    }

    @Override
    public void delete(String name) {
        behind.delete(name);
    }

    @Override
    public void close() {
        behind.close();
    }
}
