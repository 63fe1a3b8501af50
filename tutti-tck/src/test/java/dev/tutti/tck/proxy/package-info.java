@NullMarked
package dev.tutti.tck.proxy;

import org.jspecify.annotations.NullMarked;
