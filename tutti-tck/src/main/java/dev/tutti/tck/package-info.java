/**
 * The contracts that every backend must pass. A contract is an interface of JUnit tests: a backend's test class implements it, says
 * where its store comes from, and has all of them. Beside them are a clock, stores and a bus that do what a test tells them to.
 */
@NullMarked
package dev.tutti.tck;

import org.jspecify.annotations.NullMarked;
