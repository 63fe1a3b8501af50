package dev.tutti.server.operations;

import dev.tutti.core.InstanceId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** The measurements of the process, its JVM and its parts, for Prometheus. Safe for use by many threads. */
public final class Telemetry implements AutoCloseable {
    /** The constant 1, with the instance's name: to join names with what Prometheus calls an instance, an address. */
    public static final String INSTANCE_INFO = "tutti.instance.info";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** Measurements of {@code instance}. */
    public Telemetry(InstanceId instance) {
        List<MeterBinder> process = List.of(
                new JvmInfoMetrics(),
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics(),
                collections);
        process.forEach(binder -> binder.bindTo(registry));
        Gauge.builder(INSTANCE_INFO, () -> 1)
                .description("The constant 1, with this instance's name")
                .tag("id", instance.value())
                .register(registry);
    }

    /** Where parts report what they measure. */
    public MeterRegistry meters() {
        return registry;
    }

    /** All measurements in Prometheus' text format, version 0.0.4. */
    public String scraped() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
