/** The members of the cluster. */
@NullMarked
package dev.tutti.member;

import org.jspecify.annotations.NullMarked;
