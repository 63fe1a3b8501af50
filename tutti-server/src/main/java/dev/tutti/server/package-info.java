/** The extension point of the server. */
@NullMarked
package dev.tutti.server;

import org.jspecify.annotations.NullMarked;
