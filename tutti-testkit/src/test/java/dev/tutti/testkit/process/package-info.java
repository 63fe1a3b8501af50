@NullMarked
package dev.tutti.testkit.process;

import org.jspecify.annotations.NullMarked;
