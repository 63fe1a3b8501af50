/** Tests. */
@NullMarked
package dev.tutti.edge.http;

import org.jspecify.annotations.NullMarked;
