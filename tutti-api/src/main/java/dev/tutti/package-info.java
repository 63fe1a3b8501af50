/**
 * Shared by all parts of Tutti: the root of its exceptions, its stable error codes, and types that several capabilities have in common.
 *
 * <p>One mistake is answered in one way, wherever it is made:
 *
 * <ul>
 *   <li>Input that may come from a client (names of streams and feeds, events, cursors, requests for jobs, attributes of sessions) is
 *       refused with a {@link dev.tutti.TuttiException} of the code {@code BAD_REQUEST}, {@code TOO_LARGE} or {@code
 *       LIMIT_REACHED}: a handler that lets it through has answered the client.
 *   <li>Settings and declarations of a developer or operator, and names that only code passes on (options, namespaces, routes, crons,
 *       kinds that are registered, workers, caches and their keys, leases, topics of presence), are refused with an {@link
 *       java.lang.IllegalArgumentException}. A setting that contradicts what is found when it is used, such as a file or a limit of the cluster, is a {@code TuttiException}.
 *   <li>A call at the wrong time, or a second time, is an {@link java.lang.IllegalStateException}.
 *   <li>A call that the instance's backends cannot serve is {@code UNSUPPORTED}.
 *   <li>Work that somebody else may be at by now is {@code LEASE_LOST}; work that shall end, and is nobody else's, is a {@link
 *       java.util.concurrent.CancellationException}.
 *   <li>A connection of the caller's goes through {@link dev.tutti.OpenTransaction}; those who listen get a {@link
 *       dev.tutti.ListenerRegistration}.
 * </ul>
 */
@NullMarked
package dev.tutti;

import org.jspecify.annotations.NullMarked;
