/** Who is online, for the chat's people: a feature on the public extension points. */
@NullMarked
package dev.tutti.server.presence;

import org.jspecify.annotations.NullMarked;
