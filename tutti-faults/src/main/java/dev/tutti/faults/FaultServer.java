package dev.tutti.faults;

import dev.tutti.TuttiException;
import dev.tutti.cli.command.Terminal;
import dev.tutti.cli.command.TuttiCommand;
import dev.tutti.core.Tutti;
import dev.tutti.faults.judge.JobJudge;
import dev.tutti.faults.judge.LeaseJudge;
import dev.tutti.faults.judge.SocketMessageJudge;
import dev.tutti.server.ServerContext;
import dev.tutti.socket.Namespace;
import dev.tutti.stream.StreamName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The server of the bench: the one that people run, and beside it code of one's own that is careless. */
public final class FaultServer {
    private static final StreamName ROOM = StreamName.of("room", "faults");
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private FaultServer() {}

    /** Does what {@link dev.tutti.cli.Main} does. */
    public static void main(String[] arguments) {
        Terminal terminal = new Terminal(System.getenv(), Path.of(""));
        System.exit(TuttiCommand.at(terminal, FaultServer::start).execute(arguments));
    }

    private static void start(ServerContext context) {
        Tutti tutti = context.tutti();
        Namespace namespace = context.sockets().namespace(SocketMessageJudge.NAMESPACE);
        namespace.onConnection(socket -> {
            socket.on(SocketMessageJudge.TELL, message -> {
                namespace.to(message.text(0)).emit(SocketMessageJudge.TOLD, message.text(1));
                message.reply();
            });
            socket.on(SocketMessageJudge.THROW, message -> {
                if (message.text(0).equals("error")) {
                    throw new AssertionError("thrown by the application");
                }
                throw new IllegalStateException("thrown by the application");
            });
        });
        FencedWork work = new FencedWork(context.database());
        tutti.workers().singleton("singleton", worker -> work.run(worker, 0));
        tutti.workers().sharded("sharded", LeaseJudge.SHARDS, worker -> work.run(worker, worker.shard() + 1));
        CarelessJob job = new CarelessJob(context.database());
        tutti.jobs().register(JobJudge.KIND, CarelessJob.OPTIONS, job::run);
        CachedValue values = new CachedValue(context.database(), tutti.caches());
        context.routes(values::routes);
        Thread.ofVirtual().name("careless").start(() -> readCarelessly(tutti));
    }

    /** Reads the room that everybody talks in, and throws at what it is given. */
    private static void readCarelessly(Tutti tutti) {
        try {
            while (true) {
                CountDownLatch thrown = new CountDownLatch(1);
                try {
                    tutti.streams().subscribe(ROOM, tutti.streams().head(ROOM), _ -> {
                        thrown.countDown();
                        throw new AssertionError("thrown by a subscriber");
                    });
                    thrown.await();
                } catch (TuttiException away) {
                    // it is tried again
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
