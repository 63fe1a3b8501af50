/** A TCP proxy for any protocol with the faults of real networks: it delays data, cuts connections, and lets them hang. */
@NullMarked
package dev.tutti.testkit.proxy;

import org.jspecify.annotations.NullMarked;
