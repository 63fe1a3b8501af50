/** Acquires leases, renews them, and notices when they are lost. */
@NullMarked
package dev.tutti.core.lease;

import org.jspecify.annotations.NullMarked;
