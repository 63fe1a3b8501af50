/** Tests. */
@NullMarked
package dev.tutti.edge.flow;

import org.jspecify.annotations.NullMarked;
