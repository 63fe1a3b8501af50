package dev.tutti.cli.command;

import dev.tutti.cli.cluster.LocalClusterSettings;
import dev.tutti.core.InstanceId;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.LogSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.WorkSettings;
import dev.tutti.server.log.LogLines;
import dev.tutti.server.wiring.Server;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti run}. */
@Command(
        name = "run",
        description = {
            "Runs the server until SIGTERM or Ctrl-C. Then it finishes the requests in flight, and ends.",
            "The server is one process. With TUTTI_PROCESSES or NODE_ENV=production it is a cluster of processes behind"
                    + " one port."
        },
        mixinStandardHelpOptions = true)
final class RunCommand extends ConfiguredCommand {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    /** The flag with which the cluster command starts its workers. */
    private static final String WORKER = "--worker";

    private final Application application;

    @Option(
            names = WORKER,
            hidden = true,
            description = "The process is one worker of a cluster; clients connect to the balancer.")
    private boolean worker;

    RunCommand(Terminal terminal, Application application) {
        super(terminal);
        this.application = application;
    }

    @Override
    int run(Configuration configuration) {
        int processes = worker ? 1 : LocalClusterSettings.processes(configuration);
        return processes == 1
                ? serve(configuration)
                : ClusterCommand.run(
                        new LocalClusterSettings(processes, false, LocalClusterSettings.Balancing.AUTO),
                        configuration,
                        out());
    }

    private int serve(Configuration configuration) {
        InstanceId instance = configuration
                .value(ServerSettings.INSTANCE_ID)
                .map(InstanceId::new)
                .orElseGet(InstanceId::random);
        LogLines.set(configuration.value(LogSettings.LOG_FORMAT), configuration.value(LogSettings.LOG_LEVEL), instance);
        return LoggedRun.exitCode(log, "Tutti", () -> serve(configuration, instance));
    }

    private void serve(Configuration configuration, InstanceId instance) throws Exception {
        StopSignals signals = worker ? StopSignals.ofWorker() : StopSignals.listening();
        log.info("{} starting as {}", Version.line(), instance);
        configuration.warnings().forEach(warning -> log.warn("{}", warning.sentence()));
        Optional<Server> started = signals.started(
                () -> Server.start(configuration, instance, application),
                configuration.value(ServerSettings.SHUTDOWN_BUDGET));
        if (started.isEmpty()) {
            log.info("Left before the start was over");
            return;
        }
        Server server = started.get();
        boolean answersClients = configuration.value(WorkSettings.APP_MODE).answersClients();
        log.info(
                worker || !answersClients ? "Ready after {} ms at {}" : "Ready after {} ms: open {} in a browser",
                uptimeMillis(),
                server.address());
        LogLevelReload level = new LogLevelReload(configuration);
        signals.onReload(() -> {
            level.read(configuration());
            server.reload();
        });
        signals.await();
        log.info("Leaving");
        server.close();
        log.info("Left");
    }

    private static long uptimeMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }
}
