@NullMarked
package dev.tutti.server.hook;

import org.jspecify.annotations.NullMarked;
