package dev.tutti.http;

import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.io.InputStream;
import java.util.Optional;

/** One request, its body read whole and bounded, or, on a route {@linkplain Routes#onStream for that}, as it comes. */
public interface Request {
    /** The method, in capitals. */
    String method();

    /** The path, decoded. */
    String path();

    /** Address, headers and query. */
    Handshake handshake();

    /**
     * The person who asks, as {@link Filter#authenticated} or another filter has found out.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAUTHENTICATED} if none has
     */
    Principal principal();

    /** The same, asked by {@code principal}: what a filter passes on. */
    Request by(Principal principal);

    /** The segment that stands for {@code :name} in the route, decoded. */
    String segment(String name);

    /** Query parameter {@code name}. */
    Optional<String> query(String name);

    /** Header {@code name}, in any case. */
    Optional<String> header(String name);

    /** Cookie {@code name}. */
    Optional<String> cookie(String name);

    /**
     * The body, JSON, as {@code type}, a record in general.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if it is not, with {@link
     *     dev.tutti.ErrorCode#UNSUPPORTED} if the content type is another, with {@link dev.tutti.ErrorCode#OVERLOADED} if it is
     *     packed and there is no room to unpack it
     */
    <T> T body(Class<T> type);

    /**
     * The body's bytes. On a route of {@link Routes#onStream} they are read from the client as they are read here, no faster, and
     * reading blocks; for one thread. There it throws a {@link dev.tutti.TuttiException} with {@link
     * dev.tutti.ErrorCode#TIMEOUT} if the client is too slow, with {@link dev.tutti.ErrorCode#BAD_REQUEST} if it ends before its
     * body does.
     */
    InputStream stream();
}
