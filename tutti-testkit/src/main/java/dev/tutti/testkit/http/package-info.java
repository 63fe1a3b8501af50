/** An HTTP server for tests of systems that send requests to other servers. */
@NullMarked
package dev.tutti.testkit.http;

import org.jspecify.annotations.NullMarked;
