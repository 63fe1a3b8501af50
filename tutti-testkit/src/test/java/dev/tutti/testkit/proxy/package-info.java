@NullMarked
package dev.tutti.testkit.proxy;

import org.jspecify.annotations.NullMarked;
