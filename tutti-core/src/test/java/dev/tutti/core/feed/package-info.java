/** Tests of feeds. */
@NullMarked
package dev.tutti.core.feed;

import org.jspecify.annotations.NullMarked;
