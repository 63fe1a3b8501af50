package dev.tutti.cli.command;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cli.cluster.LocalCluster;
import dev.tutti.cli.cluster.LocalClusterSettings;
import dev.tutti.cli.cluster.LocalClusterSettings.Balancing;
import dev.tutti.core.InstanceId;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.LogSettings;
import dev.tutti.server.config.TlsSettings;
import dev.tutti.server.log.LogLines;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code tutti cluster}. */
@Command(
        name = "cluster",
        description = {
            "Runs several instances behind one port, with all that they need, until SIGTERM or Ctrl-C.",
            "PORT and HOST are the address of the balancer. All other settings are for the instances (workers)."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]")
final class ClusterCommand extends ConfiguredCommand {
    private static final Logger log = LoggerFactory.getLogger(ClusterCommand.class);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "N",
            description = "The number of workers, 1 to 64. Default: one for each core, at most 8.")
    private @Nullable Integer count;

    @Option(names = "--workers", paramLabel = "N", description = "The same as N.")
    private @Nullable Integer workers;

    @Option(names = "--redis", description = "Starts a Redis for the workers. redis-server must be installed.")
    private boolean redis;

    @Option(
            names = "--balancer",
            paramLabel = "NAME",
            description =
                    "The balancer that passes requests on to the workers: ${COMPLETION-CANDIDATES}. auto: haproxy or"
                            + " nginx, if one is installed, otherwise library, a proxy in this process. Default: auto")
    private Balancing balancing = Balancing.AUTO;

    ClusterCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(Configuration configuration) {
        return run(settings(), configuration, out());
    }

    private LocalClusterSettings settings() {
        if (count != null && workers != null && !count.equals(workers)) {
            throw new ParameterException(
                    commandLine(), "N is " + count + ", and --workers is " + workers + "; give only one of them");
        }
        Integer wanted = count == null ? workers : count;
        try {
            return new LocalClusterSettings(
                    wanted == null ? LocalClusterSettings.usualWorkers() : wanted, redis, balancing);
        } catch (IllegalArgumentException notAllowed) {
            throw new ParameterException(commandLine(), String.valueOf(notAllowed.getMessage()), notAllowed);
        }
    }

    /** Runs it until it is told to end, tells {@code out} what happens, and answers the exit code. */
    static int run(LocalClusterSettings settings, Configuration configuration, PrintWriter out) {
        // what happens is told by the status lines; the log has what somebody should do something about
        LogLines.set(configuration.value(LogSettings.LOG_FORMAT), LogSettings.LogLevel.WARN, new InstanceId("cluster"));
        configuration.warnings().forEach(warning -> log.warn("{}", warning.sentence()));
        return LoggedRun.exitCode(log, "The cluster", () -> cluster(settings, configuration, out));
    }

    private static void cluster(LocalClusterSettings settings, Configuration configuration, PrintWriter out)
            throws Exception {
        StopSignals signals = StopSignals.listening(ClusterCommand::killAll);
        if (configuration.value(TlsSettings.CERTIFICATE).isPresent()) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    TlsSettings.CERTIFICATE.name()
                            + " is for one process; the clients of several go to a balancer, which"
                            + " ends TLS. Unset it, or set TUTTI_PROCESSES to 1");
        }
        Optional<LocalCluster> cluster = signals.started(
                () -> LocalCluster.start(settings, configuration, out), LocalCluster.endsWithin(configuration));
        if (cluster.isPresent()) {
            signals.onReload(cluster.get()::reload);
            signals.await();
            cluster.get().close();
        }
    }

    /** At a second signal; a PostgreSQL of its own is ended by the next start. */
    private static void killAll() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
}
