@NullMarked
package dev.tutti.server.log;

import org.jspecify.annotations.NullMarked;
