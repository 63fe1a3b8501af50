/** The membership of an instance: which others are alive, and whether they are heard. */
@NullMarked
package dev.tutti.cluster.member;

import org.jspecify.annotations.NullMarked;
