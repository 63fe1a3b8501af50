/**
 * A history of everything that the clients of a system under test sent and received, and a checker of the system's guarantee: every
 * acknowledged message is in the log and is delivered once and in order to every entitled client. It does no input or output, and works for
 * any system whose log has numbered events.
 */
@NullMarked
package dev.tutti.testkit.history;

import org.jspecify.annotations.NullMarked;
