@NullMarked
package dev.tutti.cluster.bus;

import org.jspecify.annotations.NullMarked;
