@NullMarked
package dev.tutti.testkit.limit;

import org.jspecify.annotations.NullMarked;
