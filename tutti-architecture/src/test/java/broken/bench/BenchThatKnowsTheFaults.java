package broken.bench;

import broken.faults.FaultsThatKnowTheBench;
import java.util.List;

/** Breaks: the benchmarks do not know the fault bench. */
public record BenchThatKnowsTheFaults(List<FaultsThatKnowTheBench> wrong) {}
