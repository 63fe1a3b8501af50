@NullMarked
package dev.tutti.server.operations;

import org.jspecify.annotations.NullMarked;
