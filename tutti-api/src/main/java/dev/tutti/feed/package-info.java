/** Feeds: values with versions, of which subscribers get the latest. For changes of which none may be missed, use streams. */
@NullMarked
package dev.tutti.feed;

import org.jspecify.annotations.NullMarked;
