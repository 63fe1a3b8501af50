package dev.tutti.file;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.Shares;
import dev.tutti.file.store.BlobStore;
import dev.tutti.postgres.sql.Database;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Files on their way in. The bytes that have come are put into the store, {@value #PART_BYTES} at a time or those of ten seconds,
 * and noted in the database: so many may be lost of a request whose instance is killed, and any other instance goes on behind them.
 * The latest request for an upload is the one that writes; earlier ones are refused at their next part. Safe for use by many
 * threads; blocks.
 */
final class Uploads {
    /** The largest part. */
    static final int PART_BYTES = 4 << 20;

    /** How many requests one upload may consist of. */
    static final int MOST_TURNS = 10_000;

    /** How many small parts one upload may have, and one more for so many of its bytes: those of a client that is cut off often. */
    static final int SMALL_PARTS = 16;

    static final int BYTES_FOR_A_SMALL_PART = 16 << 10;

    private static final int SHARE_OF_HEAP = 8;
    private static final int ACCOUNT_PERCENT = 50;
    private static final int TRIES = 5;
    private static final int AT_A_TIME = 100;

    private final Database database;
    private final BlobStore store;
    private final FileSettings settings;
    private final FileOwners owners;
    private final FileMetrics metrics;
    private final BlobGarbage garbage;
    private final Shares buffers;
    private final LongSupplier ticker;

    Uploads(Database database, BlobStore store, FileSettings settings, FileOwners owners, FileMetrics metrics) {
        this(
                database,
                store,
                settings,
                owners,
                metrics,
                Math.max(2L * PART_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP),
                System::nanoTime);
    }

    /** The same with {@code bufferBytes} of memory for what is not in the store yet; {@code ticker} tells how old that is. */
    Uploads(
            Database database,
            BlobStore store,
            FileSettings settings,
            FileOwners owners,
            FileMetrics metrics,
            long bufferBytes,
            LongSupplier ticker) {
        this.database = database;
        this.store = store;
        this.settings = settings;
        this.owners = owners;
        this.metrics = metrics;
        this.garbage = new BlobGarbage(database, store, metrics);
        this.buffers = new Shares(bufferBytes, ACCOUNT_PERCENT, 0);
        this.ticker = ticker;
    }

    /** Begins one, for which its owner's share is taken at once. */
    Upload begin(String owner, String name, long bytes) {
        if (bytes > settings.fileBytes()) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE, "the file has " + bytes + " bytes; allowed are " + settings.fileBytes());
        }
        String id = UUID.randomUUID().toString().replace("-", "");
        return database.transaction(connection -> {
            if (!owners.hold(connection, owner)) {
                throw new TuttiException(ErrorCode.NOT_FOUND, "there is no such account");
            }
            if (!FileTable.take(connection, owner, bytes, settings)) {
                throw new TuttiException(
                        ErrorCode.LIMIT_REACHED,
                        "an account may have " + settings.accountFiles() + " files with " + settings.accountBytes()
                                + " bytes, with uploads, and with what was deleted and has not gone from the store yet");
            }
            return UploadTable.insert(connection, id, owner, name, bytes, settings.uploadTtl());
        });
    }

    /** The largest file, in bytes. */
    long largest() {
        return settings.fileBytes();
    }

    /** The one with that id, if it is {@code owner}'s and not over. */
    Optional<Upload> find(String id, String owner) {
        return database.statement(connection -> UploadTable.find(connection, id, owner));
    }

    /**
     * Begins to write at {@code offset}.
     *
     * @throws TuttiException with {@link ErrorCode#NOT_FOUND} if there is no such upload, with {@link ErrorCode#CONFLICT} if it
     *     has come to another offset, with {@link ErrorCode#LIMIT_REACHED} if it was in too many requests
     */
    Upload take(String id, String owner, long offset) {
        return database.statement(connection -> {
            Optional<Upload> taken = UploadTable.take(connection, id, owner, offset, MOST_TURNS);
            if (taken.isPresent()) {
                return taken.get();
            }
            Upload there = UploadTable.find(connection, id, owner).orElseThrow(FileStorage::notFound);
            throw there.received() == offset
                    ? new TuttiException(
                            ErrorCode.LIMIT_REACHED, "an upload may consist of " + MOST_TURNS + " requests")
                    : new TuttiException(
                            ErrorCode.CONFLICT, "the upload has " + there.received() + " bytes, not " + offset);
        });
    }

    /**
     * Adds what {@code body} has, at most as much as is missing; how far that comes. Bytes that have come before a failure are kept.
     *
     * @throws TuttiException with {@link ErrorCode#LIMIT_REACHED} if its end would be one more small part than there may be; that is
     *     not kept then
     */
    Upload append(Upload taken, InputStream body) throws IOException {
        if (taken.left() == 0) {
            return taken;
        }
        long first = Math.min(UploadPart.LEAST_BYTES, taken.left());
        try (Shares.Part memory = buffers.take(taken.owner(), true, first).orElseThrow(Uploads::overloaded)) {
            Upload upload = taken;
            boolean more = true;
            while (more && upload.left() > 0) {
                UploadPart part = new UploadPart(memory, (int) Math.min(PART_BYTES, upload.left()), ticker);
                TuttiException failure = null;
                try {
                    more = part.read(body);
                } catch (TuttiException broken) {
                    failure = broken;
                }
                if (part.length() > 0) {
                    upload = add(upload, part.bytes(), part.length());
                }
                part.release();
                if (failure != null) {
                    throw failure;
                }
            }
            return upload;
        }
    }

    private Upload add(Upload upload, byte[] buffer, int bytes) {
        // no two turns have the same names: one that is over can do no harm to what the next one has put there
        BlobPart part =
                new BlobPart(upload.id() + "-" + upload.turn() + "-" + upload.received(), upload.received(), bytes);
        announce(upload, part);
        store.put(part.name(), buffer, bytes);
        Upload further = upload.with(buffer, bytes);
        try {
            database.<@Nullable Void>transaction(connection -> {
                if (!UploadTable.advance(connection, upload, further)
                        || !UploadTable.add(connection, upload.id(), part)) {
                    throw new TuttiException(
                            ErrorCode.CONFLICT, "another request goes on with this upload, or has ended it");
                }
                return null;
            });
        } catch (TuttiException refused) {
            if (refused.code() == ErrorCode.CONFLICT) {
                giveUp(part, upload.owner());
            }
            throw refused;
        }
        metrics.received.increment(bytes);
        return further;
    }

    /** Refuses one more small part that is not the last where there are too many: each is an object, however little is in it. */
    private void announce(Upload upload, BlobPart part) {
        boolean small = part.bytes() < UploadPart.LEAST_BYTES && part.bytes() < upload.left();
        long most = SMALL_PARTS + upload.bytes() / BYTES_FOR_A_SMALL_PART;
        boolean announced = database.statement(connection -> {
            if (small && UploadTable.smallParts(connection, upload.id(), UploadPart.LEAST_BYTES) >= most) {
                return false;
            }
            UploadTable.announce(connection, part);
            return true;
        });
        if (!announced) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "the upload has " + most + " parts of less than " + UploadPart.LEAST_BYTES
                            + " bytes, as many as it may; another one of " + part.bytes()
                            + " bytes has to be larger, or the rest");
        }
    }

    /** Deletes an object that is in the store, and part of nothing. */
    private void giveUp(BlobPart part, String owner) {
        if (database.statement(connection -> UploadTable.giveUp(connection, part, owner))) {
            garbage.remove(List.of(part.name()));
        }
    }

    /** A file, and objects that are nobody's as others had the same bytes. */
    private record Finished(StoredFile file, List<String> released) {}

    /** Makes an upload that is whole a file. Idempotent. */
    StoredFile finish(Upload upload) throws IOException {
        String sha256 = upload.sha256();
        long headBytes = Math.min(FileType.HEAD_BYTES, upload.bytes());
        String type;
        try (InputStream head = read(upload.id(), 0, headBytes)) {
            type = FileType.of(head.readAllBytes()).mediaType();
        } catch (IOException | TuttiException unreadable) {
            if (find(upload.id(), upload.owner()).isPresent()) {
                throw unreadable;
            }
            // finished by another request, with bytes that were there already, or given up
            return database.statement(connection -> FileTable.find(connection, upload.id()))
                    .orElseThrow(FileStorage::notFound);
        }
        Finished finished = database.transaction(connection -> {
            List<String> released = List.of();
            if (UploadTable.finish(connection, upload.id())) {
                String blob = null;
                for (int i = 0; i < TRIES && blob == null; i++) { // one with the same bytes may be deleted meanwhile
                    blob = FileTable.blob(connection, upload, sha256, type).orElse(null);
                }
                if (blob == null) {
                    throw new TuttiException(
                            ErrorCode.UNAVAILABLE, "the file was deleted and uploaded at the same time");
                }
                if (!blob.equals(upload.id())) {
                    released = UploadTable.release(connection, upload.id(), upload.owner());
                }
                FileTable.insert(connection, upload, blob);
                metrics.stored.increment();
            }
            return new Finished(FileTable.find(connection, upload.id()).orElseThrow(FileStorage::notFound), released);
        });
        garbage.remove(finished.released());
        return finished.file();
    }

    /** Gives one up; false if there is none of that owner. */
    boolean delete(String id, String owner) {
        Optional<List<String>> released = database.transaction(connection -> {
            Optional<Upload> gone = UploadTable.delete(connection, id, owner);
            if (gone.isEmpty()) {
                return Optional.empty();
            }
            FileTable.giveBack(connection, owner, gone.get().bytes());
            return Optional.of(UploadTable.release(connection, id, owner));
        });
        garbage.remove(released.orElseGet(List::of));
        return released.isPresent();
    }

    /**
     * Bytes {@code from} until before {@code to} of a blob or upload. Reading them fails with {@link ErrorCode#NOT_FOUND} where an object
     * cannot be opened because it was deleted meanwhile.
     */
    InputStream read(String blob, long from, long to) {
        return new BlobInput(
                store,
                parts(blob, from, to),
                offset -> parts(blob, offset, offset + 1).isEmpty(),
                from,
                to);
    }

    private List<BlobPart> parts(String blob, long from, long to) {
        return database.statement(connection -> UploadTable.parts(connection, blob, from, to));
    }

    /** Gives up those that are over. */
    void expire() {
        while (giveUp(connection -> UploadTable.deleteExpired(connection, AT_A_TIME))) {
            // until none is left
        }
    }

    /** Gives up all of {@code owner}. One that is being finished is a file when this returns, or never. */
    void deleteAll(String owner) {
        while (giveUp(connection -> UploadTable.deleteOf(connection, owner, AT_A_TIME))) {
            // until none is left
        }
    }

    /** Gives back what those had that {@code deletion} deletes; whether there may be more. */
    private boolean giveUp(Database.Work<List<Upload>> deletion) {
        return database.transaction(connection -> {
            List<Upload> deleted = deletion.run(connection);
            for (Upload upload : deleted) {
                FileTable.giveBack(connection, upload.owner(), upload.bytes());
                List<String> _ = UploadTable.release(connection, upload.id(), upload.owner());
            }
            return deleted.size() == AT_A_TIME;
        });
    }

    private static TuttiException overloaded() {
        return new TuttiException(ErrorCode.OVERLOADED, "too much is being uploaded at a time", Duration.ofSeconds(1));
    }
}
