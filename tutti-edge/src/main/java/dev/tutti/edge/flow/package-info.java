/** The flow out to a connection and in from it: bounded, counted, encoded once for many. */
@NullMarked
package dev.tutti.edge.flow;

import org.jspecify.annotations.NullMarked;
