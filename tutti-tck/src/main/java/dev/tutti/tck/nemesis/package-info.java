/**
 * Trouble for a cluster under test, planned from a seed: processes are killed and frozen, databases stopped, links
 * disturbed. The plan is pure; {@link dev.tutti.tck.nemesis.Nemesis} carries it out on a {@link dev.tutti.tck.nemesis.Stage}.
 */
@NullMarked
package dev.tutti.tck.nemesis;

import org.jspecify.annotations.NullMarked;
