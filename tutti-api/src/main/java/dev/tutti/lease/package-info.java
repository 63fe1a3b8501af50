/** Leases with fencing tokens, for work that one instance alone may do at a time. */
@NullMarked
package dev.tutti.lease;

import org.jspecify.annotations.NullMarked;
