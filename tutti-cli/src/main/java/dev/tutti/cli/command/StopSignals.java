package dev.tutti.cli.command;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that ask this process to leave, TERM and INT. The first one is waited for; the second ends the process at once, with
 * exit code 1, unless it is a worker. HUP asks it to read again what may have changed, and never ends it. A shutdown hook could do
 * neither: the exit code would be 143, and while hooks run the JVM does not listen to further signals.
 *
 * <p>{@code sun.misc.Signal} is the only door to signals, and javac's warning about it cannot be switched off; hence the
 * reflection.
 */
final class StopSignals {
    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);
    private static final List<String> ASKING_TO_LEAVE = List.of("TERM", "INT");
    private static final String ASKING_TO_RELOAD = "HUP";

    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final AtomicBoolean leaving = new AtomicBoolean();

    private final Runnable atSecond;
    private @Nullable Runnable reload; // guarded by this
    private boolean reloadDue; // guarded by this

    private StopSignals(Runnable atSecond) {
        this.atSecond = atSecond;
    }

    /** Listens from now on. */
    static StopSignals listening() {
        return listening(() -> {});
    }

    /** The same; the second signal has {@code atSecond} done before the process ends. */
    static StopSignals listening(Runnable atSecond) {
        return registered(new StopSignals(() -> {
            atSecond.run();
            Runtime.getRuntime().halt(1);
        }));
    }

    /**
     * Those of a worker, which goes on leaving at a second signal. Its supervisor kills it when it takes too long, and where both
     * get the first signal at once, as all processes of a systemd unit may, the supervisor's own one is the second.
     */
    static StopSignals ofWorker() {
        return registered(new StopSignals(() -> log.info("Asked to leave once more; leaving already")));
    }

    private static StopSignals registered(StopSignals signals) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object leaving = handler(handler, signals::received);
            for (String name : ASKING_TO_LEAVE) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), leaving);
            }
            handle.invoke(
                    null,
                    signal.getConstructor(String.class).newInstance(ASKING_TO_RELOAD),
                    handler(handler, signals::reload));
        } catch (ReflectiveOperationException e) {
            log.warn("This JVM does not tell us of signals; they end the process without draining it", e);
        }
        return signals;
    }

    private static Object handler(Class<?> type, Runnable task) {
        return Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    task.run();
                    return null;
                });
    }

    /** Has {@code task} done whenever the process is asked to read again what may have changed; now if it was asked before. */
    void onReload(Runnable task) {
        boolean due;
        synchronized (this) {
            reload = task;
            due = reloadDue;
        }
        if (due) {
            reload();
        }
    }

    private void reload() {
        Runnable task;
        synchronized (this) {
            if (reload == null) {
                reloadDue = true;
                log.info("What may have changed is read again when the start is over");
                return;
            }
            task = reload;
        }
        Failures.guard("Reading again what has changed", task);
    }

    /** Waits for the first signal. */
    void await() {
        asked.join();
    }

    /**
     * The result of {@code start}, unless the first signal comes meanwhile: that interrupts it.
     *
     * @param patience how long it may take to end after the signal
     * @return empty if the signal ended it
     * @throws TuttiException with {@link ErrorCode#TIMEOUT} if it has not ended in time
     * @throws Exception that {@code start} throws
     */
    <T> Optional<T> started(Callable<T> start, Duration patience) throws Exception {
        FutureTask<T> starting = new FutureTask<>(start);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        // a virtual one can be interrupted while it reads from a socket
        Thread thread = Thread.ofVirtual().name("tutti-start").start(() -> {
            starting.run();
            ended.complete(null);
        });
        CompletableFuture.anyOf(ended, asked).join();
        if (asked.isDone()) {
            thread.interrupt();
            if (!thread.join(patience)) {
                throw new TuttiException(
                        ErrorCode.TIMEOUT, "the start has not ended within " + patience + " of the signal");
            }
        }
        if (starting.state() == Future.State.SUCCESS) {
            return Optional.of(starting.resultNow());
        }
        if (!asked.isDone()) {
            throw failure(starting.exceptionNow());
        }
        log.debug("How the start ended", starting.exceptionNow());
        return Optional.empty();
    }

    private static Exception failure(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (Exception) thrown;
    }

    private void received() {
        if (leaving.compareAndSet(false, true)) {
            asked.complete(null);
        } else {
            atSecond.run();
        }
    }
}
