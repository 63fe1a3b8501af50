@NullMarked
package dev.tutti.server.input;

import org.jspecify.annotations.NullMarked;
