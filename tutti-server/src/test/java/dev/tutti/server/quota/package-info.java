@NullMarked
package dev.tutti.server.quota;

import org.jspecify.annotations.NullMarked;
