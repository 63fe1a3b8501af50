/** What every part of Tutti shares: the root of its exceptions and its stable error codes. */
@NullMarked
package dev.tutti;

import org.jspecify.annotations.NullMarked;
