/** Rate limits, and the fair division of bounded resources between addresses and accounts. */
@NullMarked
package dev.tutti.core.limit;

import org.jspecify.annotations.NullMarked;
