/** Tests. */
@NullMarked
package dev.tutti.edge.ws;

import org.jspecify.annotations.NullMarked;
