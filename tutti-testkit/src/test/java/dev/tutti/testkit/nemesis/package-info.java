@NullMarked
package dev.tutti.testkit.nemesis;

import org.jspecify.annotations.NullMarked;
