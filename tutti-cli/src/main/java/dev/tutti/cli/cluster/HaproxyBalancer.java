package dev.tutti.cli.cluster;

import java.util.List;
import java.util.Map;

/** HAProxy as the balancer. It asks the workers itself whether they are ready, so that nobody has to tell it which one leaves. */
final class HaproxyBalancer extends SupervisedBalancer {
    private static final String NAME = "haproxy";
    private static final Template TEMPLATE = Template.read("deploy/haproxy/haproxy.cfg");

    private final BalancerParts parts;

    HaproxyBalancer(String program, BalancerParts parts) {
        super(parts.supervisor(new SupervisedProgram(
                NAME,
                List.of(
                        program,
                        "-db",
                        "-q",
                        "-f",
                        parts.directory().resolve("haproxy.cfg").toString()),
                Map.of(),
                parts.directory(),
                parts.listen(),
                Signal.USR1,
                parts.listen()::accepts)));
        this.parts = parts;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start(List<Upstream> workers) throws InterruptedException {
        parts.write("haproxy.cfg", TEMPLATE.filled(parts.listen(), workers, HaproxyBalancer::asked));
        startProgram();
    }

    /** A server whose health is at another port is asked there. */
    static String asked(String line, Upstream worker) {
        boolean itself = !line.contains(" track ");
        return itself && !worker.health().equals(worker.address())
                ? line + " port " + worker.health().port()
                : line;
    }

    @Override
    public void route(List<Upstream> workers) {
        // it sees for itself
    }
}
