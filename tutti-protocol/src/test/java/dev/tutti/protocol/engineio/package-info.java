@NullMarked
package dev.tutti.protocol.engineio;

import org.jspecify.annotations.NullMarked;
