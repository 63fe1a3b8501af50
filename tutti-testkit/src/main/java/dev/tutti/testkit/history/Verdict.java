package dev.tutti.testkit.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of a check of one run. Immutable.
 *
 * @param findings the broken guarantees; empty if there are none
 * @param sent the number of messages that were sent, each counted once
 * @param acknowledged the number of messages that were acknowledged
 * @param refused the number of messages of which every attempt was refused
 * @param unknown the number of other messages, which may have been stored
 * @param received the number of deliveries
 */
public record Verdict(List<Finding> findings, int sent, int acknowledged, int refused, int unknown, int received) {
    private static final int SHOWN = 50;

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** Whether there are no findings. */
    public boolean kept() {
        return findings.isEmpty();
    }

    /** A text for people: the numbers, and then the first {@value #SHOWN} findings, each on a line. */
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
