/** A server of a test's own, for systems under test that call others. */
@NullMarked
package dev.tutti.testkit.http;

import org.jspecify.annotations.NullMarked;
