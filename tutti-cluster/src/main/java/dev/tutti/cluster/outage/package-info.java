/** The circuit breaker that all capabilities have before something that may be away. */
@NullMarked
package dev.tutti.cluster.outage;

import org.jspecify.annotations.NullMarked;
