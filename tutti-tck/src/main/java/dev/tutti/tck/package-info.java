/**
 * The contracts that every backend must pass. A contract is an interface of JUnit tests. The test class of a backend implements it, and
 * provides the store; then it has all tests of the contract.
 */
@NullMarked
package dev.tutti.tck;

import org.jspecify.annotations.NullMarked;
