package broken.faults;

import broken.bench.BenchThatKnowsTheFaults;
import java.util.List;

/** Breaks: the fault bench does not know the benchmarks. */
public record FaultsThatKnowTheBench(List<BenchThatKnowsTheFaults> wrong) {}
