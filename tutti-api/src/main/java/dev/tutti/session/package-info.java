/** Attributes of sessions: data of the application that are kept while a session lasts, the same at all instances. */
@NullMarked
package dev.tutti.session;

import org.jspecify.annotations.NullMarked;
