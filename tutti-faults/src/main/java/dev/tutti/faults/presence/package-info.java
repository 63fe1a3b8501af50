/** People who come and go while a cluster is tormented, and what each instance says of them. */
@NullMarked
package dev.tutti.faults.presence;

import org.jspecify.annotations.NullMarked;
