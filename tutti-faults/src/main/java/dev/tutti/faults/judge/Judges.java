package dev.tutti.faults.judge;

import dev.tutti.testkit.history.Finding;
import java.util.ArrayList;
import java.util.List;

/** All judges of one run. For one thread. */
public final class Judges implements AutoCloseable {
    private final List<Judge> all = new ArrayList<>();

    /** Adds one, which ends with this. */
    public Judges with(Judge judge) {
        all.add(judge);
        return this;
    }

    /** The findings so far. */
    public List<Finding> soFar() {
        return all.stream().flatMap(judge -> judge.soFar().stream()).toList();
    }

    /** Ends them; what is wrong. */
    public List<Finding> findings() {
        close();
        return soFar();
    }

    /** For people: how much was judged. */
    public List<String> lines() {
        return all.stream().map(Judge::line).toList();
    }

    @Override
    public void close() {
        all.forEach(Judge::close);
    }
}
