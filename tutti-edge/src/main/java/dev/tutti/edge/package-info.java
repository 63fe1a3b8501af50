/** The edge: listeners and transports of one instance, on Vert.x. */
@NullMarked
package dev.tutti.edge;

import org.jspecify.annotations.NullMarked;
