/** How the instances of a cluster address and ask one another, and what their messages are made of. */
@NullMarked
package dev.tutti.cluster;

import org.jspecify.annotations.NullMarked;
