/** Attributes of sessions, which are encrypted before they are stored. */
@NullMarked
package dev.tutti.core.session;

import org.jspecify.annotations.NullMarked;
