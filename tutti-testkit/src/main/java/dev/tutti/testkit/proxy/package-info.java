/** A TCP proxy that does to connections what networks do: delays them, cuts them, lets them hang. For any protocol. */
@NullMarked
package dev.tutti.testkit.proxy;

import org.jspecify.annotations.NullMarked;
