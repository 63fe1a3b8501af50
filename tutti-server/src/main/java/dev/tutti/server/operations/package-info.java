/** What operators and their tools ask of a running server. */
@NullMarked
package dev.tutti.server.operations;

import org.jspecify.annotations.NullMarked;
