/** How the edges of a cluster's instances address one another, and what their messages are made of. */
@NullMarked
package dev.tutti.edge.cluster;

import org.jspecify.annotations.NullMarked;
