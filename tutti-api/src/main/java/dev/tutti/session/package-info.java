/** Attributes of sessions: an application's data, stored for as long as the person is logged in, the same at all instances. */
@NullMarked
package dev.tutti.session;

import org.jspecify.annotations.NullMarked;
