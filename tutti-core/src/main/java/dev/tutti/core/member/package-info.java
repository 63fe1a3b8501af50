/** Who else is alive. */
@NullMarked
package dev.tutti.core.member;

import org.jspecify.annotations.NullMarked;
