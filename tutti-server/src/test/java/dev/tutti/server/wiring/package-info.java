@NullMarked
package dev.tutti.server.wiring;

import org.jspecify.annotations.NullMarked;
