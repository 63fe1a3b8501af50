package dev.tutti.bench.measure;

/** The machine that the measurement ran on, in one line: a number without it says nothing. */
final class Machine {
    private Machine() {}

    static String describe() {
        Runtime runtime = Runtime.getRuntime();
        return "%d cores, %s %s %s, JVM %s (%s)"
                .formatted(
                        runtime.availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.vm.version"),
                        System.getProperty("java.vendor"));
    }
}
