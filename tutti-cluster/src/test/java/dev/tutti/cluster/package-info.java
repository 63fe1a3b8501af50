@NullMarked
package dev.tutti.cluster;

import org.jspecify.annotations.NullMarked;
