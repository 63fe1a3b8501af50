/**
 * Disruptions of a cluster under test, planned from a seed: processes are killed and frozen, databases stopped, links disturbed. A plan is
 * only data; {@link dev.tutti.testkit.nemesis.Nemesis} carries it out on a {@link dev.tutti.testkit.nemesis.FaultTarget}.
 */
@NullMarked
package dev.tutti.testkit.nemesis;

import org.jspecify.annotations.NullMarked;
