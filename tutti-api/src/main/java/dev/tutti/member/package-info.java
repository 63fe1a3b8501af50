/** Who belongs to the cluster. */
@NullMarked
package dev.tutti.member;

import org.jspecify.annotations.NullMarked;
