/**
 * Real server processes for tests: they are started, killed with SIGKILL together with their embedded PostgreSQL, stopped, and started
 * again on the same port. Only processes that were started here are affected, and none is left at the end of the JVM.
 */
@NullMarked
package dev.tutti.testkit.process;

import org.jspecify.annotations.NullMarked;
