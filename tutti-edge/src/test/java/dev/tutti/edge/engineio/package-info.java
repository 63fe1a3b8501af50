@NullMarked
package dev.tutti.edge.engineio;

import org.jspecify.annotations.NullMarked;
