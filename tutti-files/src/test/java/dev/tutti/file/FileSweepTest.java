package dev.tutti.file;

import static dev.tutti.file.SomeFiles.bytes;
import static dev.tutti.file.SomeFiles.objects;
import static dev.tutti.file.SomeFiles.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobHandler;
import dev.tutti.job.Jobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Files and objects to which nothing refers any more, and how they go. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileSweepTest {
    private FileDatabase database;
    private Path directory;
    private FileStorage files;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = FileDatabase.in(directory.resolve("postgres"));
        this.directory = directory.resolve("files");
        files = new FileStorage(
                database.pool(),
                new LocalBlobStore(this.directory),
                FileSettings.DEFAULT,
                FileOwners.ANYBODY,
                Clock.systemUTC(),
                List.of("a secret"),
                new SimpleMeterRegistry());
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private StoredFile stored(String owner, byte[] bytes) throws IOException {
        return files.store(owner, "a file", bytes.length, new ByteArrayInputStream(bytes));
    }

    @Test
    void whatWasBegunAndNeverNotedIsSweptWhenItIsOld() throws Exception {
        Path object = nobodys("1 minute");

        files.sweep(Duration.ofHours(1));
        assertThat(object).exists();
        files.sweep(Duration.ZERO);
        assertThat(object).doesNotExist();
    }

    /** An object of an instance that was killed so long ago. */
    private Path nobodys(String ago) throws Exception {
        String name = somebody().replace("-", "") + "-1-0";
        Path object =
                Files.createDirectories(directory.resolve(name.substring(0, 2))).resolve(name);
        Files.writeString(object, "of an instance that was killed");
        database.execute("insert into tutti.blob_object (name, start, bytes, since) values ('" + name
                + "', 0, 30, now() - interval '" + ago + "')");
        return object;
    }

    @Test
    void howeverManyObjectsThereAreOneSweepTakesThem() throws Exception {
        database.execute("insert into tutti.blob_object (name, start, bytes) select 'many-objects-' || i, 0, 30"
                + " from generate_series(1, 10500) i");

        files.sweep(Duration.ZERO);

        try (Connection connection = database.pool().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select count(*) from tutti.blob_object where name like 'many-objects-%'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void aFileToWhichSomethingComesToReferMeanwhileStays() throws Exception {
        StoredFile file = stored(somebody(), bytes(500));
        AtomicBoolean ended = new AtomicBoolean(true);
        AtomicBoolean referred = new AtomicBoolean();
        FileReferences references = new FileReferences() {
            @Override
            public List<String> ended(int most) {
                return ended.getAndSet(false) ? List.of(file.id()) : List.of();
            }

            @Override
            public boolean forget(Connection connection, String id) {
                return !referred.get();
            }
        };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> deletion;
            try (Connection holding = database.pool().getConnection()) {
                holding.setAutoCommit(false);
                assertThat(files.hold(holding, List.of(file.id()))).isTrue();
                assertThat(files.hold(holding, List.of(file.id(), "gone"))).isFalse();
                deletion = executor.submit(() -> files.deleteUnreferenced(references));
                await().until(() -> waiting(holding));
                referred.set(true);
                holding.commit();
            }
            deletion.get(30, TimeUnit.SECONDS);
        }
        assertThat(files.find(file.id())).isPresent();

        referred.set(false);
        ended.set(true);
        files.deleteUnreferenced(references);
        assertThat(files.find(file.id())).isEmpty();

        ended.set(true);
        files.deleteUnreferenced(references);
        assertThat(ended).isFalse();
    }

    private static boolean waiting(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            return rows.next() && rows.getInt(1) > 0;
        }
    }

    @Test
    void anObjectThatCannotBeDeletedKeepsNeitherOthersNorFiles() throws Exception {
        String stuck = somebody().replace("-", "") + "-1-0";
        Path child = Files.createDirectories(
                        directory.resolve(stuck.substring(0, 2)).resolve(stuck))
                .resolve("child");
        Files.writeString(child, "so that it is no file that could be deleted");
        database.execute("insert into tutti.blob_object (name, start, bytes, since) values ('" + stuck
                + "', 0, 30, now() - interval '3 hours')");
        Path later = nobodys("2 hours");
        StoredFile ended = stored(somebody(), bytes(500));

        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> sweep(ended.id()))
                .returns(ErrorCode.UNAVAILABLE, TuttiException::code);

        assertThat(later).doesNotExist();
        assertThat(files.find(ended.id())).isEmpty();
        assertThat(objects(directory, ended.blob())).isEmpty();
        assertThat(child).exists();
        files.sweep(Duration.ofHours(1)); // it comes behind others: not yet
        Files.delete(child);
        files.sweep(Duration.ZERO);
        assertThat(child.getParent()).doesNotExist();
    }

    /** Runs the job, with one reference that has ended. */
    private void sweep(String ended) throws Exception {
        AtomicReference<@Nullable JobHandler> handler = new AtomicReference<>();
        Jobs jobs = proxy(Jobs.class, (_, method, arguments) -> {
            if (method.getName().equals("register")) {
                handler.set((JobHandler) arguments[2]);
            }
            return null;
        });
        AtomicReference<List<String>> references = new AtomicReference<>(List.of(ended));
        files.jobs(jobs, new FileReferences() {
            @Override
            public List<String> ended(int most) {
                return references.getAndSet(List.of());
            }

            @Override
            public boolean forget(Connection connection, String file) {
                return true;
            }
        });
        Objects.requireNonNull(handler.get()).run(proxy(JobContext.class, (_, _, _) -> null));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
