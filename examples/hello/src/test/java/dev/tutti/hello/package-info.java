@NullMarked
package dev.tutti.hello;

import org.jspecify.annotations.NullMarked;
