/** The generic streams over REST, and what all ways to reach them share. */
@NullMarked
package dev.tutti.edge.stream;

import org.jspecify.annotations.NullMarked;
