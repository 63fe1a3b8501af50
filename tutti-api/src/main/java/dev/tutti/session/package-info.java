/** Attributes of sessions: kept for an application for as long as somebody is logged in, the same at all instances. */
@NullMarked
package dev.tutti.session;

import org.jspecify.annotations.NullMarked;
