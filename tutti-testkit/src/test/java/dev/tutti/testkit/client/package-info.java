@NullMarked
package dev.tutti.testkit.client;

import org.jspecify.annotations.NullMarked;
