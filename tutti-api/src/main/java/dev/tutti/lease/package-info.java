/** Leases with fencing tokens, for work that only one instance may do at a time. */
@NullMarked
package dev.tutti.lease;

import org.jspecify.annotations.NullMarked;
