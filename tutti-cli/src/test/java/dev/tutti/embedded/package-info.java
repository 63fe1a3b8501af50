@NullMarked
package dev.tutti.embedded;

import org.jspecify.annotations.NullMarked;
