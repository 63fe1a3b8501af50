package dev.tutti.bench.cluster;

import picocli.CommandLine.Command;

/** {@code tutti bench cluster}: several instances at once. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures several instances at once.",
        subcommands = {
            RollingCommand.class,
            AcrossCommand.class,
            GrowthCommand.class,
            OutageCommand.class,
            FilterCommand.class,
            SealCommand.class
        })
public final class ClusterBench {}
