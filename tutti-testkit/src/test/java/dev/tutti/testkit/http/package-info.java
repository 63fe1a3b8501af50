@NullMarked
package dev.tutti.testkit.http;

import org.jspecify.annotations.NullMarked;
