/** Quotas: limits of what one account uses up in a day, counted for all instances together. */
@NullMarked
package dev.tutti.chat.quota;

import org.jspecify.annotations.NullMarked;
