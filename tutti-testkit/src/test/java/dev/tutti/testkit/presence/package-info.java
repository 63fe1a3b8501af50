@NullMarked
package dev.tutti.testkit.presence;

import org.jspecify.annotations.NullMarked;
