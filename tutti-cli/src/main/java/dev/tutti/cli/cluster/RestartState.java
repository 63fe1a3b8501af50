package dev.tutti.cli.cluster;

import dev.tutti.concurrent.Backoff;
import java.time.Duration;

/**
 * The state of a process that is kept running: its phase, and how often it has crashed. Immutable and without a clock: each method
 * is one event and gives what comes of it; times are those of a monotonic ticker in nanoseconds.
 *
 * @param crashes how often it has ended by itself since it was last healthy for {@link #HEALTHY} or restarted on purpose
 */
record RestartState(Phase phase, int crashes) {
    /** The pause after the first crash; it doubles with each further one. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    /** The pause never gets longer. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A process that was ready for so long begins with the first pause again. */
    static final Duration HEALTHY = Duration.ofMinutes(1);

    private static final Backoff BACKOFF = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

    /** A process that is to be started now. */
    static final RestartState BEGIN = new RestartState(new Starting(), 0);

    /** The phases of an instance. */
    sealed interface Phase {}

    /** It is being started, and not ready yet. */
    record Starting() implements Phase {}

    /** It does its work. */
    record Ready(long since) implements Phase {}

    /** It was asked to leave, for good or to be started anew. */
    record Leaving(boolean forGood) implements Phase {}

    /** It ended by itself, and is started again after {@code pause}. */
    record Crashed(Duration pause) implements Phase {}

    /** It has left, and is not started again. */
    record Gone() implements Phase {}

    /** It says that it can be used. */
    RestartState ready(long now) {
        return phase instanceof Starting ? new RestartState(new Ready(now), crashes) : this;
    }

    /** It is asked to leave; {@code forGood} wins over to be started anew. */
    RestartState leaving(boolean forGood) {
        return switch (phase) {
            case Starting() -> new RestartState(new Leaving(forGood), crashes);
            case Ready(long _) -> new RestartState(new Leaving(forGood), crashes);
            case Leaving(boolean already) -> new RestartState(new Leaving(already || forGood), crashes);
            case Crashed(Duration _) -> forGood ? new RestartState(new Gone(), crashes) : BEGIN;
            case Gone() -> this;
        };
    }

    /** Its process has ended, or could not be started. */
    RestartState ended(long now) {
        return switch (phase) {
            case Starting() -> crashed(crashes);
            case Ready(long since) -> crashed(now - since >= HEALTHY.toNanos() ? 0 : crashes);
            case Leaving(boolean forGood) -> forGood ? new RestartState(new Gone(), crashes) : BEGIN;
            case Crashed(Duration _) -> this;
            case Gone() -> this;
        };
    }

    /** The pause after a crash is over. */
    RestartState waited() {
        return phase instanceof Crashed ? new RestartState(new Starting(), crashes) : this;
    }

    private static RestartState crashed(int before) {
        int crashes = before + 1;
        return new RestartState(new Crashed(BACKOFF.pause(crashes)), crashes);
    }
}
