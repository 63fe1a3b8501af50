/** What all capabilities do about something that may be away. */
@NullMarked
package dev.tutti.core.outage;

import org.jspecify.annotations.NullMarked;
