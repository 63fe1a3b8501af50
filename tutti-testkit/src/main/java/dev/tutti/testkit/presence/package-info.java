/** The truth about people's presence beside what others were shown of it, and a checker that compares the two. Pure. */
@NullMarked
package dev.tutti.testkit.presence;

import org.jspecify.annotations.NullMarked;
