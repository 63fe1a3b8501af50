package dev.tutti.bench;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Dialect;
import java.util.function.Supplier;

/**
 * One of those that are measured side by side.
 *
 * @param name for the table
 * @param dialect how its clients speak
 * @param start starts its server
 */
record Contender(String name, Dialect dialect, Supplier<Child> start) {}
