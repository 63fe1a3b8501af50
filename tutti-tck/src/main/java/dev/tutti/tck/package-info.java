/**
 * The contracts that every backend must pass. A contract is an interface of JUnit tests: a backend's test class implements it, says
 * where its store comes from, and has all of them.
 */
@NullMarked
package dev.tutti.tck;

import org.jspecify.annotations.NullMarked;
