package dev.tutti.testkit.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The verdict of the checker on one run.
 *
 * @param findings the broken promises; empty if all were kept
 * @param sent how many messages were sent, each counted once however often it was tried
 * @param acknowledged how many of them were acknowledged
 * @param refused how many were refused each time
 * @param unknown how many have no acknowledgement and may or may not be stored
 * @param received how many deliveries there were
 */
public record Verdict(List<Finding> findings, int sent, int acknowledged, int refused, int unknown, int received) {
    private static final int SHOWN = 50;

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** Whether every promise was kept. */
    public boolean kept() {
        return findings.isEmpty();
    }

    /** For people: the numbers, then the first {@value #SHOWN} findings, one per line. */
    @Override
    public String toString() {
        String numbers = sent + " sent, " + acknowledged + " acknowledged, " + refused + " refused, " + unknown
                + " unknown, " + received + " received, " + findings.size() + " findings";
        return findings.stream()
                .limit(SHOWN)
                .map(finding -> "\n  " + finding)
                .collect(Collectors.joining("", numbers, ""));
    }
}
