/** Runs workers under leases, spreads them over the instances, and starts them again when they fail. */
@NullMarked
package dev.tutti.core.worker;

import org.jspecify.annotations.NullMarked;
