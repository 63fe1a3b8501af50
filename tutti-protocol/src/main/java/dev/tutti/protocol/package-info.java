/** The part that the two wire protocols have in common: bytes, and how they may be wrong. */
@NullMarked
package dev.tutti.protocol;

import org.jspecify.annotations.NullMarked;
