/** A checker that compares the true presence of users with the presence that observers were shown. It does no input or output. */
@NullMarked
package dev.tutti.testkit.presence;

import org.jspecify.annotations.NullMarked;
