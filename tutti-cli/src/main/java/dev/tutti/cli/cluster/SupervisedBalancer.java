package dev.tutti.cli.cluster;

import java.time.Duration;

/** A balancer that is a program of its own, which {@link Supervisor} keeps running. Its name is the subclass's. */
abstract sealed class SupervisedBalancer implements Balancer permits HaproxyBalancer, NginxBalancer {
    private final Supervisor supervisor;

    SupervisedBalancer(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /** Starts the program, which has its configuration, and waits until it is ready. */
    final void startProgram() throws InterruptedException {
        BalancerParts.requireReady(supervisor.start());
    }

    final Supervisor supervisor() {
        return supervisor;
    }

    @Override
    public final void leave() {
        supervisor.dismiss();
    }

    @Override
    public final void end(Duration budget) throws InterruptedException {
        supervisor.endAtOnce(budget);
    }

    @Override
    public final String standing() {
        return supervisor.standing();
    }
}
