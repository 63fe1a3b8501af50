/** The identity, health and metrics of a running server, for operators and their tools. */
@NullMarked
package dev.tutti.server.operations;

import org.jspecify.annotations.NullMarked;
