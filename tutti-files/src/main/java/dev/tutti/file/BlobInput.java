package dev.tutti.file;

import dev.tutti.TuttiException;
import dev.tutti.file.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;

/**
 * Bytes {@code from} until before {@code to} of a blob, one object of it open at a time. If an object cannot be opened because its blob
 * was deleted meanwhile, there is no such file any more. For one thread; blocks.
 */
final class BlobInput extends InputStream {
    private final BlobStore store;
    private final Iterator<BlobPart> parts;
    private final LongPredicate released;
    private final long to;
    private long at;
    private long partEnd;
    private InputStream part = InputStream.nullInputStream();

    /** Those of {@code parts}; {@code released} tells whether no object is part of the blob any more that has the byte at an offset. */
    BlobInput(BlobStore store, List<BlobPart> parts, LongPredicate released, long from, long to) {
        this.store = store;
        this.parts = parts.iterator();
        this.released = released;
        this.at = from;
        this.partEnd = from;
        this.to = to;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        if (length == 0) {
            return 0; // no object is opened for nothing
        }
        if (at == to) {
            return -1;
        }
        if (at == partEnd) {
            next();
        }
        int few = part.read(into, from, (int) Math.min(length, partEnd - at));
        if (few < 0) {
            throw new IOException("an object of a file is shorter than it was");
        }
        at += few;
        return few;
    }

    private void next() throws IOException {
        try {
            openNext();
        } catch (IOException | TuttiException unreadable) {
            if (isReleased(unreadable)) {
                throw FileStorage.notFound();
            }
            throw unreadable;
        }
    }

    private boolean isReleased(Exception unreadable) {
        try {
            return released.test(at);
        } catch (TuttiException unknown) {
            unreadable.addSuppressed(unknown);
            return false;
        }
    }

    private void openNext() throws IOException {
        part.close();
        if (!parts.hasNext()) {
            throw new IOException("a file has fewer bytes than it had");
        }
        BlobPart next = parts.next();
        if (at < next.start() || at >= next.start() + next.bytes()) {
            throw new IOException("object " + next.name() + " of a file is not the next one");
        }
        long end = Math.min(next.start() + next.bytes(), to);
        part = store.open(next.name(), at - next.start(), end - at);
        partEnd = end;
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
