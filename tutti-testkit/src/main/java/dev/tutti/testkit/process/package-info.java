/**
 * Real server processes for tests: started, killed with -9 together with the PostgreSQL they embed, stopped, and started
 * again on the same port. A test does nothing to a process that it has not started, and nothing is left behind.
 */
@NullMarked
package dev.tutti.testkit.process;

import org.jspecify.annotations.NullMarked;
