@NullMarked
package dev.tutti.server.outbound;

import org.jspecify.annotations.NullMarked;
