/** Tests of what the fault bench knows of its instances. */
@NullMarked
package dev.tutti.faults.cluster;

import org.jspecify.annotations.NullMarked;
