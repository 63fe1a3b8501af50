package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The operations on a cluster that runs. Safe for use by many threads; restarts are one at a time. */
final class Operations implements ControlServer.Commands {
    private final WorkerProcesses workers;
    private final Balancer balancer;
    private final ReentrantLock restarting = new ReentrantLock();

    Operations(WorkerProcesses workers, Balancer balancer) {
        this.workers = workers;
        this.balancer = balancer;
    }

    @Override
    public void run(List<String> words, Consumer<String> tell) throws InterruptedException {
        String argument = words.size() > 1 ? words.get(1) : "";
        switch (words.isEmpty() ? "" : words.getFirst()) {
            case "restart" -> restart(tell);
            case "kill" -> kill(workers.number(argument), tell);
            case "status" -> status(tell);
            default -> throw new TuttiException(ErrorCode.BAD_REQUEST, "this cluster knows no such command");
        }
    }

    private void restart(Consumer<String> tell) throws InterruptedException {
        if (!restarting.tryLock()) {
            throw new TuttiException(ErrorCode.CONFLICT, "a restart is going on already");
        }
        try {
            for (Supervisor worker : workers.supervisors()) {
                if (!restarted(worker)) {
                    throw new TuttiException(
                            ErrorCode.UNAVAILABLE,
                            worker.program().name() + " does not come back; those behind it were not restarted");
                }
                tell.accept(StatusLines.line(worker.program().name(), "restarted"));
            }
        } finally {
            restarting.unlock();
        }
    }

    /** Restarts {@code worker} while requests go to the others. However it ends, the balancer has all of them again. */
    private boolean restarted(Supervisor worker) throws InterruptedException {
        try {
            balancer.route(workers.without(worker));
            return workers.restart(worker);
        } finally {
            balancer.route(workers.all()); // also one that is not ready: it is started again until it is
        }
    }

    private static void kill(Supervisor worker, Consumer<String> tell) {
        long pid = worker.kill()
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.CONFLICT, worker.program().name() + " is not running now: " + worker.standing()));
        tell.accept(StatusLines.line(worker.program().name(), "killed (pid " + pid + ")"));
    }

    private void status(Consumer<String> tell) {
        tell.accept(StatusLines.line(balancer.name(), balancer.standing()));
        for (Supervisor worker : workers.supervisors()) {
            tell.accept(StatusLines.line(worker.program().name(), worker.standing()));
        }
    }
}
