/** Feeds over REST, and what all ways to reach them share. */
@NullMarked
package dev.tutti.edge.feed;

import org.jspecify.annotations.NullMarked;
