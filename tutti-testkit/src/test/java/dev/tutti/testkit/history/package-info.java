@NullMarked
package dev.tutti.testkit.history;

import org.jspecify.annotations.NullMarked;
