/** What one instance alone may do at a time: asks for leases, renews them, and notices when they are lost. */
@NullMarked
package dev.tutti.core.lease;

import org.jspecify.annotations.NullMarked;
