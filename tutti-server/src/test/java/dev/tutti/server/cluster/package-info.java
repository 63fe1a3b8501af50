@NullMarked
package dev.tutti.server.cluster;

import org.jspecify.annotations.NullMarked;
