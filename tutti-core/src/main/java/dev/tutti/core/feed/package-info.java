/** Feeds: the latest version of each key, told to whoever wants to know, at all instances. */
@NullMarked
package dev.tutti.core.feed;

import org.jspecify.annotations.NullMarked;
