/**
 * A record of everything that clients of a system under test saw, and a checker that says whether the system keeps its promise:
 * every message that was acknowledged is there, once, in order, for everybody entitled to it. Pure: it works for any system whose
 * log has numbered events.
 */
@NullMarked
package dev.tutti.testkit.history;

import org.jspecify.annotations.NullMarked;
