package dev.tutti.bench.cluster;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Commands;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.subject.TargetCommand;
import dev.tutti.cache.Loaded;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** A process with a {@link CachingInstance} whose loads never end, so that it can be killed in the middle of one. */
@Command(name = "loader", hidden = true, description = "An instance whose loads never end; started by the others.")
public final class LoaderCommand implements Callable<Integer> {
    private static final int PATIENCE_SECONDS = 30;

    @Override
    public Integer call() throws IOException {
        try (CachingInstance instance =
                new CachingInstance(variable(TargetCommand.DATABASE), variable(TargetCommand.REDIS))) {
            Commands.serve(
                    Answer.DONE,
                    Map.of(
                            "others",
                            _ -> Answer.of("others", instance.others()),
                            "waiting",
                            _ -> Answer.of("waiting", instance.waiting()),
                            "load",
                            words -> load(instance, String.join(" ", words))));
        }
        return 0;
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    /** Answers when the loader of {@code key} is at work. */
    private static Answer load(CachingInstance instance, String key) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Thread.ofVirtual().name("loader").start(() -> {
            try {
                var _ = instance.cache().get(key, _ -> {
                    begun.countDown();
                    never.await();
                    return Loaded.of("never");
                });
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        });
        if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new BenchException("the loader was not called");
        }
        return Answer.DONE;
    }
}
