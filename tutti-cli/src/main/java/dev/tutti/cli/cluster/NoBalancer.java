package dev.tutti.cli.cluster;

import java.time.Duration;
import java.util.List;

/** No balancer: the workers answer no clients, and each is asked how it is at a port of its own, so that nothing listens before them. */
record NoBalancer() implements Balancer {
    @Override
    public String name() {
        return "balancer";
    }

    @Override
    public void start(List<Upstream> workers) {}

    @Override
    public void route(List<Upstream> workers) {}

    @Override
    public void leave() {}

    @Override
    public void end(Duration budget) {}

    @Override
    public String standing() {
        return "none, as no clients are answered";
    }
}
