/** Tests. */
@NullMarked
package dev.tutti.edge.stream;

import org.jspecify.annotations.NullMarked;
