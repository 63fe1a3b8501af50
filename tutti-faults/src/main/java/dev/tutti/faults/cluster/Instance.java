package dev.tutti.faults.cluster;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One server process with somebody who starts it again when it has ended, as an orchestrator does: on a virtual thread of its own.
 * An end by itself after it was ready is a finding; a failed start while its database is away is not. Safe for use by many threads.
 */
final class Instance implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LATE = Duration.ofSeconds(10);

    private final String name;
    private final ServerProcess process;
    private final Duration shutdownBudget;
    private final List<Finding> findings = new ArrayList<>();
    private final Thread supervisor;
    private boolean wanted;
    private boolean started;
    private boolean wasReady;
    private boolean frozen;
    private int halts; // how often it was frozen, or thawed
    private int starts;

    Instance(String name, Launch launch, Duration shutdownBudget) {
        this.name = name;
        this.process = ServerProcess.of(launch);
        this.shutdownBudget = shutdownBudget;
        this.supervisor = Thread.ofVirtual().name("supervisor-" + name).start(this::supervise);
    }

    private void supervise() {
        try {
            while (true) {
                startAgain();
                if (isNews() && process.ready()) {
                    noteReady();
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void startAgain() {
        if (!wanted || running()) {
            return;
        }
        try {
            if (started && wasReady) {
                findings.add(new Finding(Fault.UNRULY_PROCESS, name, "ended by itself; its output says why"));
            }
            wasReady = false;
            process.spawn();
            started = true;
            starts++;
        } catch (IOException failure) {
            findings.add(new Finding(Fault.UNRULY_PROCESS, name, "could not be started: " + failure.getMessage()));
        }
    }

    private synchronized boolean isNews() {
        return wanted && !wasReady;
    }

    private synchronized void noteReady() {
        wasReady = wanted;
    }

    /** Has it started, now and whenever it has ended. */
    synchronized void revive() {
        wanted = true;
    }

    /** Whether it was ready after its last start. */
    synchronized boolean wasReady() {
        return wasReady;
    }

    /** Whether it is ready at this moment. */
    boolean ready() throws InterruptedException {
        return process.ready();
    }

    synchronized void kill() {
        wanted = false;
        wasReady = false;
        if (running()) {
            process.kill();
        }
    }

    /** SIGTERM, and waits until it is gone. A process that stands still meanwhile cannot leave, and is not blamed for it. */
    void drain() throws InterruptedException {
        if (!stopWanting()) {
            return;
        }
        int before = halts();
        try {
            process.stop(shutdownBudget.plus(LATE));
        } catch (IOException late) {
            noteLate(before);
            kill();
        }
    }

    private synchronized int halts() {
        return halts;
    }

    private synchronized void noteLate(int haltsBefore) {
        if (halts == haltsBefore && !frozen) {
            findings.add(new Finding(
                    Fault.UNRULY_PROCESS, name, "had not left " + LATE + " after its budget of " + shutdownBudget));
        }
    }

    private synchronized boolean stopWanting() {
        wanted = false;
        wasReady = false;
        return running();
    }

    synchronized void freeze() throws IOException {
        if (running()) {
            frozen = true;
            halts++;
            process.freeze();
        }
    }

    synchronized void thaw() throws IOException {
        frozen = false;
        halts++;
        if (running()) {
            process.thaw();
        }
    }

    private boolean running() {
        return started && process.alive();
    }

    synchronized long residentBytes() throws IOException {
        return running() ? process.residentBytes() : 0;
    }

    /** How often it was started. */
    synchronized int starts() {
        return starts;
    }

    synchronized List<Finding> findings() {
        return List.copyOf(findings);
    }

    @Override
    public void close() {
        supervisor.interrupt();
        try {
            supervisor.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.close();
    }
}
