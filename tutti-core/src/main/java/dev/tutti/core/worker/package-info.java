/** Runs workers under leases, spreads them over the instances, and begins them anew when they fail. */
@NullMarked
package dev.tutti.core.worker;

import org.jspecify.annotations.NullMarked;
