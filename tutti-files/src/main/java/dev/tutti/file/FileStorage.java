package dev.tutti.file;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.input.Input;
import dev.tutti.file.store.BlobStore;
import dev.tutti.file.store.S3BlobStore;
import dev.tutti.http.Routes;
import dev.tutti.job.Cron;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.socket.Authenticator;
import dev.tutti.stream.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of all accounts: what they are is in the database, their bytes are in a store that all instances share. Safe for use by
 * many threads; blocks.
 */
public final class FileStorage {
    /** The kind of the job that gives up uploads and deletes what nobody refers to. */
    public static final String SWEEP = "files.sweep";

    private static final Logger log = LoggerFactory.getLogger(FileStorage.class);
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration SWEEPING = Duration.ofMinutes(2);
    private static final int AT_A_TIME = 1_000;
    private static final int LONGEST_NAME = 200;
    private static final Sql NOTE_STORE =
            new Sql("insert into tutti.file_directory (id) values (?) on conflict do nothing"); // or a bucket
    private static final Sql STORE = new Sql("select id from tutti.file_directory");

    private final Database database;
    private final Uploads uploads;
    private final BlobGarbage garbage;
    private final SignedLinks links;

    /**
     * The files in {@code store}, of those whom {@code owners} holds.
     *
     * @param clock one that all instances have in common
     * @param secrets of the cluster, the current one first: links are signed with it, and checked with all
     */
    public FileStorage(
            DataSource database,
            BlobStore store,
            FileSettings settings,
            FileOwners owners,
            Clock clock,
            List<String> secrets,
            MeterRegistry meters) {
        this.database = new Database(database);
        FileMetrics metrics = new FileMetrics(meters);
        this.uploads = new Uploads(this.database, store, settings, owners, metrics);
        this.garbage = new BlobGarbage(this.database, store, metrics);
        this.links = new SignedLinks(secrets, clock);
    }

    /**
     * Checks that the store with that {@code id} is the one that the other instances use.
     *
     * @param configured the settings that name it, as an operator knows them
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if it is not
     */
    public void requireStore(String id, String configured) {
        String used = database.statement(connection -> {
            NOTE_STORE.update(connection, id);
            return STORE.first(connection, rows -> rows.getString("id")).orElseThrow();
        });
        if (!used.equals(id)) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    configured + " is " + shown(id) + ", but the files of this database are in " + shown(used)
                            + "; all instances must share one store. If the files were moved or are lost, stop all instances and"
                            + " delete the row in tutti.file_directory");
        }
    }

    private static String shown(String id) {
        return id.startsWith(S3BlobStore.SCHEME) ? id : "the directory whose tutti-files-id is " + id;
    }

    /**
     * Adds {@code /api/files} and {@code /api/uploads}, for those whom {@code authenticator} knows; {@code readers} says who
     * else may read a file, {@code pictures} draws thumbnails.
     */
    public void routes(Routes routes, Authenticator authenticator, FileReaders readers, Pictures pictures) {
        Thumbnails thumbnails = new Thumbnails(pictures, System::nanoTime);
        new FileRoutes(this, links, thumbnails, authenticator, readers, System::nanoTime).routes(routes);
        new TusRoutes(this, uploads, authenticator, System::nanoTime).routes(routes);
    }

    /**
     * Declares the job that deletes what is over or nobody's every ten minutes, at whichever instance runs jobs; files, when {@code
     * references} to them have ended.
     */
    public void jobs(Jobs jobs, FileReferences references) {
        jobs.register(SWEEP, JobOptions.DEFAULT.withConcurrency(1), _ -> {
            try {
                deleteUnreferenced(references);
            } finally {
                sweep(GRACE); // of these files, too
            }
        });
        jobs.cron(new Cron(
                "files-sweep",
                "*/10 * * * *",
                ZoneOffset.UTC,
                JobRequest.of(SWEEP, Json.of("{}")).withUniqueKey(SWEEP)));
    }

    /**
     * Gives up uploads that are over, and deletes from the store what somebody has given up, and what has been nobody's for {@code age}.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if something could not be deleted; it is tried again another time
     */
    public void sweep(Duration age) {
        uploads.expire();
        garbage.sweep(age);
    }

    /**
     * Deletes files to which nothing refers any more of {@code references}, for two minutes at most: what is left waits for the next time.
     * One that cannot be deleted is noted, and left.
     */
    public void deleteUnreferenced(FileReferences references) {
        Deadline end = Deadline.in(SWEEPING);
        List<String> ended = references.ended(AT_A_TIME);
        while (!ended.isEmpty()) {
            int done = 0;
            for (String file : ended) {
                if (end.left().isZero()) {
                    return;
                }
                done += deleteUnreferenced(file, references) ? 1 : 0;
            }
            if (done == 0) {
                return;
            }
            ended = references.ended(AT_A_TIME);
        }
    }

    /** False if it failed. */
    private boolean deleteUnreferenced(String file, FileReferences references) {
        try {
            boolean _ = database.transaction(connection -> {
                Optional<String> owner = FileTable.lock(connection, file);
                return references.forget(connection, file)
                        && owner.isPresent()
                        && FileTable.delete(connection, file, owner.get()).isPresent();
            });
            return true;
        } catch (TuttiException failure) {
            log.warn(
                    "File {}, to which nothing refers any more, was not deleted; it is tried again later",
                    file,
                    failure);
            return false;
        }
    }

    /**
     * Keeps the files with those ids, each given once, from being deleted until the transaction of {@code connection} ends; false if
     * one of them is gone.
     */
    public boolean hold(Connection connection, List<String> ids) throws SQLException {
        return FileTable.hold(connection, ids);
    }

    /** Stores {@code bytes} bytes of {@code body}; all of them, or nothing. */
    public StoredFile store(String owner, String name, long bytes, InputStream body) throws IOException {
        Upload upload = uploads.begin(owner, name(name), bytes);
        boolean stored = false;
        try {
            Upload whole = uploads.append(uploads.take(upload.id(), owner, 0), body);
            if (whole.left() > 0) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the body is " + whole.left() + " bytes too short");
            }
            StoredFile file = uploads.finish(whole);
            stored = true;
            return file;
        } finally {
            if (!stored) {
                uploads.delete(upload.id(), owner);
            }
        }
    }

    /** The file with that id. */
    public Optional<StoredFile> find(String id) {
        return database.statement(connection -> FileTable.find(connection, id));
    }

    /** The newest files of {@code owner} that are older than the one with id {@code before}. */
    public List<StoredFile> list(String owner, @Nullable String before, int most) {
        return database.read(connection -> FileTable.list(connection, owner, before, most));
    }

    /** Deletes a file of {@code owner}, and its bytes at once if nobody else has them; false if there is none. */
    public boolean delete(String id, String owner) {
        Optional<List<String>> released = database.transaction(connection -> FileTable.delete(connection, id, owner));
        garbage.remove(released.orElseGet(List::of));
        return released.isPresent();
    }

    /** Deletes all files and uploads of {@code owner}, who is being deleted. */
    public void deleteAll(String owner) {
        uploads.deleteAll(owner);
        List<StoredFile> some = list(owner, null, AT_A_TIME);
        while (!some.isEmpty()) {
            some.forEach(file -> {
                Optional<List<String>> deleted =
                        database.transaction(connection -> FileTable.delete(connection, file.id(), owner));
                assert deleted.isPresent() || find(file.id()).isEmpty();
            });
            some = list(owner, null, AT_A_TIME);
        }
        garbage.removeOf(owner);
    }

    /** The descriptions of the newest files of {@code owner}, at most {@value #AT_A_TIME}, as JSON has them. */
    public List<?> described(String owner) {
        return list(owner, null, AT_A_TIME).stream().map(FileRoutes::shown).toList();
    }

    /**
     * Bytes {@code from} until before {@code to} of {@code file}. Reading them fails with {@link ErrorCode#NOT_FOUND} if the file is deleted
     * meanwhile and an object of it cannot be opened any more.
     */
    public InputStream read(StoredFile file, long from, long to) {
        return uploads.read(file.blob(), from, to);
    }

    /** A name as files have them: one line, the last part of what may be a path. */
    static String name(@Nullable String text) {
        String name = Input.label("name", text, 1, LONGEST_NAME);
        int path = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
        String last = Input.label("name", name.substring(path + 1), 1, LONGEST_NAME);
        if (last.equals(".") || last.equals("..")) {
            throw Input.refused("name is " + last + ", which is no name");
        }
        return last;
    }

    static TuttiException notFound() {
        return new TuttiException(ErrorCode.NOT_FOUND, "there is no such file, or it is another one's");
    }
}
