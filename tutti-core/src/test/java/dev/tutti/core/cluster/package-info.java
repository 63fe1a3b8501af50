@NullMarked
package dev.tutti.core.cluster;

import org.jspecify.annotations.NullMarked;
