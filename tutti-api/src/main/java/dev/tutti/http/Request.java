package dev.tutti.http;

import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.util.Optional;

/** One request, its body read whole and bounded. */
public interface Request {
    /** The method, in capitals. */
    String method();

    /** The path, decoded. */
    String path();

    /** Address, headers and query. */
    Handshake handshake();

    /**
     * Who asks, as {@link Filter#authenticated} or another filter has found out.
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
     *     dev.tutti.ErrorCode#UNSUPPORTED} if the content type is another
     */
    <T> T body(Class<T> type);
}
