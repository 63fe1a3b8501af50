/** Membership: the processes of the cluster, their heartbeats, and changes of the list. */
@NullMarked
package dev.tutti.member;

import org.jspecify.annotations.NullMarked;
