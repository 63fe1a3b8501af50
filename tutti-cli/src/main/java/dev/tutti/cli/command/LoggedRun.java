package dev.tutti.cli.command;

import dev.tutti.TuttiException;
import dev.tutti.server.log.LogLines;
import org.slf4j.Logger;
import picocli.CommandLine.ExitCode;

/** A run that speaks by the log, which has been set: the reason for its end is told there, and the log is closed behind it. */
final class LoggedRun {
    /** Work that runs until it has been told to end. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private LoggedRun() {}

    /** Runs {@code work}, called {@code name} in a sentence of {@code log}, and answers the exit code. */
    static int exitCode(Logger log, String name, Work work) {
        try {
            work.run();
            return ExitCode.OK;
        } catch (TuttiException failure) {
            log.debug("Failed", failure);
            log.error("{}", failure.getMessage());
            return ExitCode.SOFTWARE;
        } catch (Exception defect) {
            log.error("{} ended by a defect of its own; please report this", name, defect);
            return ExitCode.SOFTWARE;
        } finally {
            LogLines.stop();
        }
    }
}
