package dev.tutti.cli.cluster;

import dev.tutti.concurrent.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * nginx as the balancer. It has no health checks of its own in its free edition: a worker that fails a request is left out for
 * two seconds, and one that leaves on purpose is taken out of the configuration first.
 */
final class NginxBalancer extends SupervisedBalancer {
    private static final String NAME = "nginx";
    private static final Template TEMPLATE = Template.read("deploy/nginx/tutti.conf");
    private static final Template AROUND = Template.read("nginx.conf");
    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    /** The time that nginx waits between starting new processes and sending the old ones away, and a little more. */
    private static final Duration HAND_OVER = Duration.ofMillis(150);

    private final BalancerParts parts;

    NginxBalancer(String program, BalancerParts parts) {
        super(parts.supervisor(new SupervisedProgram(
                NAME,
                command(program, parts.directory().resolve("nginx.conf")),
                Map.of(),
                parts.directory(),
                parts.listen(),
                Signal.QUIT,
                parts.listen()::accepts)));
        this.parts = parts;
    }

    private static List<String> command(String program, Path configuration) {
        // -e, because nginx opens the log it was built with before it reads which one it shall write. -p, because its
        // processes, of which root's run as somebody else, may not pass through the directories above the one they work
        // in
        return List.of(program, "-e", "stderr", "-p", "./", "-c", configuration.toString());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start(List<Upstream> workers) throws InterruptedException {
        parts.admitOthers("");
        parts.admitOthers("nginx-temp");
        parts.write("nginx-temp/README", "Bodies that are too large for nginx's memory.\n");
        parts.write("nginx.conf", String.join("\n", AROUND.lines()) + "\n");
        configure(workers);
        startProgram();
    }

    @Override
    public void route(List<Upstream> workers) {
        configure(workers);
        supervisor().process().ifPresent(NginxBalancer::reload);
    }

    /** Waits until new processes have taken over; the old ones finish what they have. */
    private static void reload(ProcessHandle master) {
        Set<Long> before = children(master);
        Deadline limit = Deadline.in(RELOAD_LIMIT);
        Signal.HUP.send(master);
        while (before.containsAll(children(master)) && !limit.isOver()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        LockSupport.parkNanos(HAND_OVER.toNanos());
    }

    private static Set<Long> children(ProcessHandle master) {
        return master.children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private void configure(List<Upstream> workers) {
        parts.write("tutti.conf", TEMPLATE.filled(parts.listen(), workers));
    }
}
