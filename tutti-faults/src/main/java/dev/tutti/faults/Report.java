package dev.tutti.faults;

import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The result of a run.
 *
 * @param seed of the run
 * @param time how long it was
 * @param acts how often each kind of trouble was made
 * @param starts how often instances were started
 * @param verdict on the history
 * @param others what is wrong besides the history
 * @param measured other numbers, one line each
 */
public record Report(
        long seed,
        Duration time,
        Map<String, Integer> acts,
        int starts,
        Verdict verdict,
        List<Finding> others,
        List<String> measured) {
    private static final int SHOWN = 40;

    /** Everything that is wrong. */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(others);
        all.addAll(verdict.findings());
        return all;
    }

    /** Whether all promises were kept. */
    public boolean kept() {
        return findings().isEmpty();
    }

    @Override
    public String toString() {
        String trouble = acts.entrySet().stream()
                .map(act -> act.getValue() + " " + act.getKey())
                .collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>();
        lines.add("seed " + seed + ", " + time.toSeconds() + " s of trouble: " + trouble + "; instances were started "
                + starts + " times");
        lines.add(verdict.sent() + " messages sent, " + verdict.acknowledged() + " acknowledged, " + verdict.refused()
                + " refused, " + verdict.unknown() + " unknown, " + verdict.received() + " deliveries");
        lines.addAll(measured);
        lines.add(findings().size() + " findings");
        findings().stream().limit(SHOWN).map(finding -> "  " + finding).forEach(lines::add);
        return String.join("\n", lines);
    }
}
