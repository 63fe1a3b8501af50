package dev.tutti.bench.subject;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process with the {@link RawSocketServer}. */
@Command(name = "raw", hidden = true, description = "Plain sockets; started by the others.")
public final class RawCommand implements Callable<Integer> {
    @Option(names = "--size", defaultValue = "100")
    private int size;

    @Option(names = "--window", defaultValue = "4")
    private int window;

    @Option(names = "--combined")
    private boolean combined;

    @Override
    public Integer call() throws IOException {
        MeasuredProcess.serve(new RawSocketServer(size, combined), window);
        return 0;
    }
}
