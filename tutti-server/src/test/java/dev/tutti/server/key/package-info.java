@NullMarked
package dev.tutti.server.key;

import org.jspecify.annotations.NullMarked;
