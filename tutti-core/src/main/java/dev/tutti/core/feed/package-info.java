/** Feeds: the latest version of each key, delivered to subscribers at all instances. */
@NullMarked
package dev.tutti.core.feed;

import org.jspecify.annotations.NullMarked;
