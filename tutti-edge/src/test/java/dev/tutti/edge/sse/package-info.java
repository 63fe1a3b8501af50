/** Tests. */
@NullMarked
package dev.tutti.edge.sse;

import org.jspecify.annotations.NullMarked;
