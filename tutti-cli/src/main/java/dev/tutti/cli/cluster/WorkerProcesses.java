package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The workers of a cluster, in their order. Safe for use by many threads. */
final class WorkerProcesses {
    /** The time that a worker may take beyond its budget: for the JVM to end. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(50);

    private final List<Supervisor> supervisors;
    private final Duration budget;
    private final Duration usualStart;

    /** Those that leave within {@code budget}, or are killed. */
    WorkerProcesses(List<Supervisor> supervisors, Duration budget) {
        this(supervisors, budget, Supervisor.START_LIMIT);
    }

    /** The same; once one of them is ready, the others are waited for until {@code usualStart} after their start. */
    WorkerProcesses(List<Supervisor> supervisors, Duration budget, Duration usualStart) {
        this.supervisors = List.copyOf(supervisors);
        this.budget = budget.plus(MARGIN);
        this.usualStart = usualStart;
    }

    /**
     * Starts all of them at once, and waits for how the first attempt of each comes out. While none is ready that may take as long as
     * the first start of one: it may be the one that brings the database up to date, for which the others wait.
     */
    void start() throws InterruptedException {
        supervisors.forEach(Supervisor::start);
        Deadline usual = Deadline.in(usualStart);
        for (Optional<Supervisor> next = starting(usual); next.isPresent(); next = starting(usual)) {
            next.get().awaitReady(POLL);
        }
        if (!isAnyReady()) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "no worker starts; what they said stands above");
        }
        supervisors.forEach(supervisor -> supervisor.expectUsualStart(usualStart)); // the database is up to date
    }

    /** One whose first start is waited for still. */
    private Optional<Supervisor> starting(Deadline usual) {
        return isAnyReady() && usual.isOver()
                ? Optional.empty()
                : supervisors.stream().filter(Supervisor::isInFirstStart).findFirst();
    }

    private boolean isAnyReady() {
        return supervisors.stream().anyMatch(supervisor -> supervisor.phase() instanceof RestartState.Ready);
    }

    List<Supervisor> supervisors() {
        return supervisors;
    }

    /** Worker {@code number}, from 1 on. */
    Supervisor number(String number) {
        int index = number.matches("\\d{1,4}") ? Integer.parseInt(number) : 0;
        if (index < 1 || index > supervisors.size()) {
            throw new TuttiException(
                    ErrorCode.NOT_FOUND,
                    "there is no worker " + number + "; there are "
                            + (supervisors.size() == 1 ? "1" : "1 to " + supervisors.size()));
        }
        return supervisors.get(index - 1);
    }

    /** All of them, as a balancer sees them. */
    List<Upstream> all() {
        return supervisors.stream().map(WorkerProcesses::upstream).toList();
    }

    /** All but one; all of them if there is no other. */
    List<Upstream> without(Supervisor one) {
        return supervisors.size() == 1
                ? all()
                : supervisors.stream()
                        .filter(supervisor -> supervisor != one)
                        .map(WorkerProcesses::upstream)
                        .toList();
    }

    /** Has {@code one} leave and come back; whether it did. */
    boolean restart(Supervisor one) throws InterruptedException {
        return one.restart(budget);
    }

    /** Has all of them read again what may have changed. */
    void reload() {
        supervisors.forEach(Supervisor::reload);
    }

    /** Ends all of them, at the same time. */
    void end() throws InterruptedException {
        Deadline deadline = Deadline.in(budget);
        supervisors.forEach(Supervisor::dismiss);
        for (Supervisor supervisor : supervisors) {
            supervisor.end(deadline.left());
        }
    }

    private static Upstream upstream(Supervisor supervisor) {
        SupervisedProgram program = supervisor.program();
        return new Upstream(program.name(), program.address(), program.health());
    }
}
