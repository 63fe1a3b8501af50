@NullMarked
package dev.tutti.server.storage;

import org.jspecify.annotations.NullMarked;
