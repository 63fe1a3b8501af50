package dev.tutti.cli.cluster;

import dev.tutti.concurrent.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The processes that a program has started and that are in its group still, which outlive it: nginx's workers keep their
 * port when its master is killed. Where programs are not started by setsid, and where it is not Linux, there are none.
 *
 * @param leader the program, which began the group and a session by setsid
 * @param start when it began
 */
record ProcessGroup(long leader, ProcessStart start) {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Those that run and that {@code which} is true for, without the leader. */
    List<ProcessHandle> others(Predicate<LinuxProcess> which) {
        if (!(start instanceof ProcessStart.SinceBoot begin) || !begin.isThisBoot() || isReused(begin)) {
            return List.of();
        }
        Predicate<LinuxProcess> wanted = which.and(process -> isOther(process, begin));
        return LinuxProcess.all().stream()
                .filter(wanted)
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                // once more: from the handle on it is this process that is killed, or none
                .filter(handle -> LinuxProcess.of(handle.pid()).filter(wanted).isPresent())
                .toList();
    }

    /** Kills those, and waits until they have ended, five seconds at most; how many there were. */
    int kill(Predicate<LinuxProcess> which) {
        Set<Long> killed = new HashSet<>();
        Deadline deadline = Deadline.in(LIMIT);
        List<ProcessHandle> left = others(which);
        while (!left.isEmpty() && !deadline.isOver()) {
            left.forEach(ProcessHandle::destroyForcibly);
            left.forEach(process -> killed.add(process.pid()));
            LockSupport.parkNanos(POLL.toNanos());
            left = others(which); // among them what was begun while the others were killed
        }
        return killed.size();
    }

    /** The number is not given out again while the group has members; if another process has it, there are none. */
    private boolean isReused(ProcessStart.SinceBoot begin) {
        Optional<LinuxProcess> now = LinuxProcess.of(leader);
        return now.isPresent() && now.get().startTicks() != begin.ticks();
    }

    private boolean isOther(LinuxProcess process, ProcessStart.SinceBoot begin) {
        return process.pid() != leader
                && process.group() == leader
                && process.session() == leader
                && process.startTicks() >= begin.ticks()
                && process.runs();
    }
}
