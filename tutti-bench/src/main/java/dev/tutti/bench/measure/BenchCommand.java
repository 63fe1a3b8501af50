package dev.tutti.bench.measure;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A benchmark, as a command: it measures, and prints what it found. */
public abstract class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Refuses options that are out of their bounds, see {@link #require}; then measures, and prints to {@code out}. */
    protected abstract void run(PrintWriter out) throws IOException, InterruptedException;

    /** Ends the command with a message if {@code value} of {@code option} is not within {@code least} and {@code most}. */
    protected final void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; allowed are " + least + " to " + most);
        }
    }

    @Override
    public final Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            run(out);
        } catch (IOException failure) {
            throw new BenchException("cannot measure", failure);
        }
        out.flush();
        return 0;
    }
}
