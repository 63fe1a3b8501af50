/** Tests. */
@NullMarked
package dev.tutti.edge;

import org.jspecify.annotations.NullMarked;
