/** Versioned values beside the streams of events: the latest one of each key, for whoever wants to know how things are now. */
@NullMarked
package dev.tutti.feed;

import org.jspecify.annotations.NullMarked;
