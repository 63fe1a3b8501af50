package dev.tutti.http;

import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.io.InputStream;
import java.util.Optional;

/** An HTTP request. Its body has been read completely, within a bound; on a route of {@link Routes#onStream} the handler reads it. */
public interface Request {
    /** The method, in capitals. */
    String method();

    /** The path, decoded. */
    String path();

    /** The client's address, and the headers and query of the request. */
    Handshake handshake();

    /**
     * The client's identity, as {@link Filter#authenticated} or another filter has verified it.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAUTHENTICATED} if no filter has
     */
    Principal principal();

    /** The same request with {@code principal} as the client's identity; a filter passes it to the next handler. */
    Request by(Principal principal);

    /** The path segment that matches {@code :name} in the route, decoded. */
    String segment(String name);

    /** Query parameter {@code name}. */
    Optional<String> query(String name);

    /** Header {@code name}, in any case. */
    Optional<String> header(String name);

    /** Cookie {@code name}. */
    Optional<String> cookie(String name);

    /**
     * The JSON body, converted to {@code type}, which is usually a record.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the body cannot be converted, with {@link
     *     dev.tutti.ErrorCode#UNSUPPORTED} if the content type is not JSON, with {@link dev.tutti.ErrorCode#OVERLOADED} if the body is
     *     compressed and there is no memory to decompress it
     */
    <T> T body(Class<T> type);

    /**
     * The bytes of the body. On a route of {@link Routes#onStream} the server reads from the client only as fast as the handler reads from
     * this stream. There reading blocks, and is for one thread; it throws a {@link dev.tutti.TuttiException} with {@link
     * dev.tutti.ErrorCode#TIMEOUT} if the client is too slow, or with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the client disconnects
     * before the end of the body.
     */
    InputStream stream();
}
