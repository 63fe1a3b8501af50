package dev.tutti.core;

import dev.tutti.cluster.member.Membership;
import dev.tutti.concurrent.Failures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of an instance as a whole. */
final class InstanceMeters {
    private InstanceMeters() {}

    static void register(Membership membership, MeterRegistry meters) {
        Gauge.builder("tutti.clock.skew", membership, each -> each.skew().toMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("How far the database's clock is ahead of this machine's")
                .register(meters);
        FunctionCounter.builder("tutti.tasks.failed", membership, _ -> Failures.count())
                .description("Tasks of this process that threw what nobody caught")
                .register(meters);
    }
}
