/** What one instance alone may do at a time: leases with fencing tokens. */
@NullMarked
package dev.tutti.lease;

import org.jspecify.annotations.NullMarked;
