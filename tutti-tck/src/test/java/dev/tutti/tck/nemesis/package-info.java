@NullMarked
package dev.tutti.tck.nemesis;

import org.jspecify.annotations.NullMarked;
