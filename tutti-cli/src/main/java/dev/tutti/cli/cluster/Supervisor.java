package dev.tutti.cli.cluster;

import dev.tutti.cli.cluster.RestartState.Crashed;
import dev.tutti.cli.cluster.RestartState.Gone;
import dev.tutti.cli.cluster.RestartState.Leaving;
import dev.tutti.cli.cluster.RestartState.Phase;
import dev.tutti.cli.cluster.RestartState.Ready;
import dev.tutti.cli.cluster.RestartState.Starting;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one program running until it is asked to leave: starts it, waits until it is ready, and starts it again when it
 * has ended by itself, after a pause that grows. The decisions are {@link RestartState}'s, and this class carries them out.
 *
 * <p>A virtual thread of its own follows the process; the methods are for other threads, and safe for many.
 */
final class Supervisor {
    /** A process that is not ready by then is killed, and counts as crashed; at the first start of its program it may have longer. */
    static final Duration START_LIMIT = Duration.ofMinutes(2);

    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;

    private final SupervisedProgram program;
    private final ProcessRegistry registry;
    private final StatusLines lines;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RestartState state = RestartState.BEGIN; // guarded by lock
    private @Nullable Process process; // guarded by lock
    private boolean started; // guarded by lock
    private boolean reloadDue; // guarded by lock
    private boolean wasReady; // guarded by lock
    private @Nullable Duration usualStart; // when its first start has no longer than others; guarded by lock

    /** Keeps {@code program}; {@code ticker}, in nanoseconds, says for how long it has been starting or ready. */
    Supervisor(SupervisedProgram program, ProcessRegistry registry, StatusLines lines, LongSupplier ticker) {
        this.program = program;
        this.registry = registry;
        this.lines = lines;
        this.ticker = ticker;
    }

    SupervisedProgram program() {
        return program;
    }

    /** Begins, once. */
    Supervisor start() {
        lock.lock();
        try {
            started = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("keep-" + program.name()).start(this::keep);
        return this;
    }

    /** Waits until it is ready; false if it crashed or is gone, or the limit has passed. */
    boolean awaitReady(Duration limit) throws InterruptedException {
        await(limit, phase -> !(phase instanceof Starting));
        return phase() instanceof Ready;
    }

    /** Whether its first attempt to start has not come out yet. */
    boolean isInFirstStart() {
        lock.lock();
        try {
            return state.phase() instanceof Starting && state.crashes() == 0 && !wasReady;
        } finally {
            lock.unlock();
        }
    }

    Phase phase() {
        lock.lock();
        try {
            return state.phase();
        } finally {
            lock.unlock();
        }
    }

    /** The process, if there is one now. */
    Optional<ProcessHandle> process() {
        lock.lock();
        try {
            return Optional.ofNullable(process).map(Process::toHandle);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks it to leave and to be started anew, and kills it if it takes longer than {@code budget}; whether it is ready
     * again within {@link #START_LIMIT}, however often it crashes before.
     */
    boolean restart(Duration budget) throws InterruptedException {
        leave(false, budget);
        await(START_LIMIT, phase -> phase instanceof Ready || phase instanceof Gone);
        return phase() instanceof Ready;
    }

    /**
     * Has it read again what may have changed, with SIGHUP. A program that is starting may have read it before, and the signal
     * would end it while it does not listen yet: it gets the signal when it is ready.
     */
    void reload() {
        lock.lock();
        try {
            reloadDue = state.phase() instanceof Starting;
            if (process != null && state.phase() instanceof Ready) {
                Signal.HUP.send(process.toHandle());
            }
        } finally {
            lock.unlock();
        }
    }

    private void reloadIfDue() {
        lock.lock();
        try {
            if (reloadDue) {
                reload();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks it to leave for good, and does not wait. */
    void dismiss() {
        ask(true);
    }

    /** Asks it to leave for good, and kills it if it takes longer than {@code budget}. Idempotent. */
    void end(Duration budget) throws InterruptedException {
        leave(true, budget);
    }

    /** Ends it for good and at once: there is nobody left for whom it would have to finish anything. */
    void endAtOnce(Duration budget) throws InterruptedException {
        ask(true);
        process().ifPresent(Signal.TERM::send);
        leave(true, budget);
    }

    /** Kills it, as a crash would; its process id, if there was anything to kill. */
    Optional<Long> kill() {
        Optional<ProcessHandle> victim = process();
        victim.ifPresent(ProcessHandle::destroyForcibly);
        return victim.map(ProcessHandle::pid);
    }

    /** How it stands, for people. */
    String standing() {
        String pid = process().map(handle -> " (pid " + handle.pid() + ")").orElse("");
        return switch (phase()) {
            case Starting() -> "starting" + pid;
            case Ready(long since) ->
                "ready on " + program.address() + pid + " for "
                        + StatusLines.seconds(Duration.ofNanos(ticker.getAsLong() - since));
            case Leaving(boolean forGood) -> (forGood ? "leaving" : "restarting") + pid;
            case Crashed(Duration pause) -> "died, restarting after " + StatusLines.seconds(pause);
            case Gone() -> "gone";
        };
    }

    private void ask(boolean forGood) {
        lock.lock();
        try {
            boolean asked = state.phase() instanceof Leaving;
            state = asked(forGood);
            if (process != null && !asked) {
                program.leaving().send(process.toHandle()); // once: a second signal ends some programs at once
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Its state when it was asked to leave, with the lock held. Without a process there is no end of one that would be waited for. */
    private RestartState asked(boolean forGood) {
        if (!started) {
            return new RestartState(new Gone(), 0);
        }
        if (state.phase() instanceof Starting && process == null) {
            return forGood ? new RestartState(new Gone(), state.crashes()) : state;
        }
        return state.leaving(forGood);
    }

    private void leave(boolean forGood, Duration budget) throws InterruptedException {
        ask(forGood);
        if (!await(budget, phase -> !(phase instanceof Leaving))) {
            lines.print(program.name(), "did not leave within " + StatusLines.seconds(budget) + "; killed");
            process().ifPresent(handle -> {
                handle.descendants().forEach(ProcessHandle::destroyForcibly);
                handle.destroyForcibly();
            });
            await(KILL_LIMIT, phase -> !(phase instanceof Leaving));
        }
    }

    private boolean await(Duration limit, Predicate<Phase> condition) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!condition.test(state.phase())) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** On its own thread, until the program is gone. */
    private void keep() {
        try {
            while (!(phase() instanceof Gone)) {
                run();
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() throws InterruptedException {
        long begin = ticker.getAsLong();
        if (phase() instanceof Starting && program.address().accepts()) {
            // it would end by itself, and until then the other one's answers would be taken for its own
            ended("cannot be started: another program listens on " + program.address());
            return;
        }
        Process running;
        lock.lock();
        try {
            if (!(state.phase() instanceof Starting)) {
                return;
            }
            running = program.start();
            process = running;
        } catch (IOException failure) {
            ended("cannot be started: " + failure.getMessage());
            return;
        } finally {
            lock.unlock();
        }
        ProcessRegistry.Entry entry = registry.add(program.name(), running.toHandle());
        watchStart(running, begin);
        int code = running.waitFor();
        endOthers(entry.group());
        registry.remove(entry);
        ended("(exit " + code + ")");
    }

    /** After an end that was not asked for: what it had started would keep its address. */
    private void endOthers(ProcessGroup group) {
        if (phase() instanceof Leaving) {
            return;
        }
        int killed = group.kill(_ -> true);
        if (killed > 0) {
            lines.print(program.name(), "left processes behind: " + killed + "; killed");
        }
    }

    /** A first start has no reason any more to take longer than {@code limit}, also one that goes on. */
    void expectUsualStart(Duration limit) {
        lock.lock();
        try {
            usualStart = limit;
        } finally {
            lock.unlock();
        }
    }

    private Duration startLimit() {
        lock.lock();
        try {
            if (wasReady) {
                return START_LIMIT;
            }
            return usualStart == null ? program.firstStart() : usualStart;
        } finally {
            lock.unlock();
        }
    }

    private void watchStart(Process running, long begin) throws InterruptedException {
        boolean patient = false;
        while (!program.ready().getAsBoolean()) {
            Duration limit = startLimit();
            long taken = ticker.getAsLong() - begin;
            if (taken > limit.toNanos()) {
                lines.print(program.name(), "is not ready after " + StatusLines.seconds(limit) + "; killed");
                running.destroyForcibly();
            } else if (!patient && taken > START_LIMIT.toNanos()) {
                patient = true;
                lines.print(
                        program.name(),
                        "is not ready after " + StatusLines.seconds(START_LIMIT)
                                + "; a first start may bring the database up to date, and has "
                                + StatusLines.seconds(limit));
            }
            if (running.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        long now = ticker.getAsLong();
        if (running.isAlive() && advance(old -> old.ready(now)) instanceof Ready) {
            lines.print(
                    program.name(),
                    "ready on " + program.address() + " (pid " + running.pid() + ", "
                            + StatusLines.seconds(Duration.ofNanos(now - begin)) + ")");
            reloadIfDue();
        }
    }

    private void ended(String how) {
        lock.lock(); // whoever waits for the end goes on when it is told
        try {
            lines.print(program.name(), told(advance(old -> old.ended(ticker.getAsLong())), how));
        } finally {
            lock.unlock();
        }
    }

    private static String told(Phase after, String how) {
        return switch (after) {
            case Crashed(Duration pause) -> "died " + how + ", restarting in " + StatusLines.seconds(pause);
            case Starting() -> "left " + how + ", starting again";
            case Gone() -> "left " + how;
            case Ready(long _) -> throw new IllegalStateException("ended and ready");
            case Leaving(boolean _) -> throw new IllegalStateException("ended and leaving");
        };
    }

    /** Waits for the pause after a crash, if that is how it stands, or until somebody wants something else. */
    private void pause() throws InterruptedException {
        if (phase() instanceof Crashed(Duration pause) && !await(pause, phase -> !(phase instanceof Crashed))) {
            advance(RestartState::waited);
        }
    }

    private Phase advance(UnaryOperator<RestartState> event) {
        lock.lock();
        try {
            state = event.apply(state);
            wasReady |= state.phase() instanceof Ready;
            if (!(state.phase() instanceof Ready || state.phase() instanceof Leaving)) {
                process = null;
            }
            changed.signalAll();
            return state.phase();
        } finally {
            lock.unlock();
        }
    }
}
