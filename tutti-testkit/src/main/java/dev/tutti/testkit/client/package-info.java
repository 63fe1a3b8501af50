/** Clients that say what no proper client would. */
@NullMarked
package dev.tutti.testkit.client;

import org.jspecify.annotations.NullMarked;
