package dev.tutti.cli.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time at which a process began, which tells it from a later one with its number. Written as one word. */
sealed interface ProcessStart {
    /** The word for that. */
    String word();

    /** Whether {@code process} began then, and runs. */
    boolean isOf(ProcessHandle process);

    /** The start of {@code process}; if it has ended already, one that no process has. */
    static ProcessStart of(ProcessHandle process) {
        Optional<String> boot = LinuxProcess.boot();
        return LinuxProcess.of(process.pid())
                .filter(_ -> boot.isPresent())
                .<ProcessStart>map(linux -> new SinceBoot(linux.startTicks(), boot.orElseThrow()))
                .orElseGet(() -> new At(process.info().startInstant().orElse(Instant.EPOCH)));
    }

    /** Reads a {@link #word} of this or an earlier release. */
    static Optional<ProcessStart> parse(String word) {
        Matcher sinceBoot = SinceBoot.FORM.matcher(word);
        if (sinceBoot.matches()) {
            return Optional.of(new SinceBoot(Long.parseLong(sinceBoot.group(1)), sinceBoot.group(2)));
        }
        return word.matches("\\d{1,18}")
                ? Optional.of(new At(Instant.ofEpochMilli(Long.parseLong(word))))
                : Optional.empty();
    }

    /**
     * On Linux. The instant would not do: each JVM computes it from the time of the boot, which moves when the machine's
     * clock is set.
     *
     * @param ticks after the machine was started
     * @param boot which start of the machine that was
     */
    record SinceBoot(long ticks, String boot) implements ProcessStart {
        private static final Pattern FORM = Pattern.compile("(\\d{1,18})@([0-9a-f-]{1,64})");

        @Override
        public String word() {
            return ticks + "@" + boot;
        }

        @Override
        public boolean isOf(ProcessHandle process) {
            return isThisBoot()
                    && LinuxProcess.of(process.pid())
                            .filter(linux -> linux.startTicks() == ticks && linux.runs())
                            .isPresent();
        }

        boolean isThisBoot() {
            return LinuxProcess.boot().filter(boot::equals).isPresent();
        }
    }

    /** Elsewhere, and in the files of earlier releases. */
    record At(Instant instant) implements ProcessStart {
        private static final Duration TOLERANCE = Duration.ofSeconds(2);

        @Override
        public String word() {
            return Long.toString(instant.toEpochMilli());
        }

        /** A process that has ended but was not asked for its status has no command any more. The system's clock may be corrected. */
        @Override
        public boolean isOf(ProcessHandle process) {
            ProcessHandle.Info info = process.info();
            return process.isAlive()
                    && info.command().isPresent()
                    && info.startInstant()
                            .map(start -> Duration.between(start, instant).abs().compareTo(TOLERANCE) < 0)
                            .orElse(false);
        }
    }
}
