/**
 * The types that all parts of Tutti share: the root of its exceptions, its stable error codes, and types that several capabilities use.
 *
 * <p>The same mistake causes the same kind of error in all packages:
 *
 * <ul>
 *   <li>Input that may come from a client (names of streams and feeds, events, cursors, requests for jobs, attributes of sessions) is
 *       refused with a {@link dev.tutti.TuttiException} of the code {@code BAD_REQUEST}, {@code TOO_LARGE} or {@code LIMIT_REACHED}. If a
 *       handler does not catch it, the client is answered with it.
 *   <li>Settings and declarations of a developer or operator, and names that only code passes on (options, namespaces, routes, crons,
 *       registered kinds, workers, caches and their keys, leases, topics of presence), are refused with an {@link
 *       java.lang.IllegalArgumentException}. A setting that turns out to be wrong when it is used, for example because of a file or a limit
 *       of the cluster, causes a {@code TuttiException}.
 *   <li>A call at the wrong time, or a forbidden second call, causes an {@link java.lang.IllegalStateException}.
 *   <li>A call that the instance's backends do not support causes {@code UNSUPPORTED}.
 *   <li>Work that another holder may have taken over by now causes {@code LEASE_LOST}. Work that must end, and that nobody has taken over,
 *       causes a {@link java.util.concurrent.CancellationException}.
 *   <li>A connection of the caller is checked by {@link dev.tutti.OpenTransaction}. A method that adds a listener returns a {@link
 *       dev.tutti.ListenerRegistration}.
 * </ul>
 */
@NullMarked
package dev.tutti;

import org.jspecify.annotations.NullMarked;
