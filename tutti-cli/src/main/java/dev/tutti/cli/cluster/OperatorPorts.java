package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.config.ServerSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The ports at which workers have health and metrics apart from what clients see: the first at TUTTI_OPERATOR_PORT, each next one port
 * further, on the loopback address.
 *
 * @param all one for each worker; none if they have them where clients are
 */
record OperatorPorts(List<Integer> all) {
    private static final int HIGHEST = 65_535;

    OperatorPorts {
        all = List.copyOf(all);
    }

    /**
     * Those of so many workers, free at this moment.
     *
     * @param first of them; 0 for any that are free
     * @throws TuttiException if one cannot be listened on, or is {@code listen}; the message says what to do
     */
    static OperatorPorts of(Optional<Integer> first, int workers, Address listen) throws IOException {
        if (first.isEmpty()) {
            return new OperatorPorts(List.of());
        }
        if (first.get() == 0) {
            return new OperatorPorts(List.copyOf(FreePorts.free(workers, List.of(listen.port()))));
        }
        int last = first.get() + workers - 1;
        List<Integer> all = IntStream.rangeClosed(first.get(), last).boxed().toList();
        if (last > HIGHEST || all.contains(listen.port())) {
            throw new TuttiException(
                    ErrorCode.CONFLICT,
                    ServerSettings.OPERATOR_PORT.name() + " " + first.get() + " gives the workers the ports "
                            + first.get()
                            + " to " + last + "; they must be at most " + HIGHEST + " and leave out PORT "
                            + listen.port());
        }
        all.forEach(port -> FreePorts.requireFree(Address.loopback(port), ServerSettings.OPERATOR_PORT));
        return new OperatorPorts(all);
    }

    /** The port of worker {@code number}, from 1 on. */
    Optional<Integer> number(int number) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(number - 1));
    }
}
