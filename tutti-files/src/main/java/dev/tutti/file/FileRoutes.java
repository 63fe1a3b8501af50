package dev.tutti.file;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.core.limit.FairPermits.Caller;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.http.EntityTag;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.http.StreamedContent;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/files/*}: files of people, and what somebody with a link gets of them. Safe for use by many threads. */
final class FileRoutes {
    private static final int MOST_LISTED = 100;
    private static final int LONGEST_ID = 64;
    private static final Duration LONGEST_LINK = Duration.ofDays(7);
    private static final List<Integer> SIZES = List.of(128, 256, 512, 1024);

    /** Nothing that a file brings along is loaded or run, and it has no origin. */
    private static final String POLICY = "default-src 'none'; sandbox";

    private final FileStorage files;
    private final SignedLinks links;
    private final Thumbnails thumbnails;
    private final Authenticator authenticator;
    private final FileReaders readers;
    private final LongSupplier ticker;

    FileRoutes(
            FileStorage files,
            SignedLinks links,
            Thumbnails thumbnails,
            Authenticator authenticator,
            FileReaders readers,
            LongSupplier ticker) {
        this.readers = readers;
        this.ticker = ticker;
        this.files = files;
        this.links = links;
        this.thumbnails = thumbnails;
        this.authenticator = authenticator;
    }

    void routes(Routes routes) {
        routes.through(Filter.authenticated(authenticator))
                .onStream("POST", "/api/files", this::upload)
                .on("GET", "/api/files", this::list)
                .on("GET", "/api/files/:id", this::describe)
                .on("DELETE", "/api/files/:id", this::delete)
                .on("POST", "/api/files/:id/links", this::link);
        routes.on("GET", "/api/files/:id/content", this::content)
                .on("GET", "/api/files/:id/thumbnail", this::thumbnail);
    }

    /** The description of a file that a client is told. */
    record FileResponse(String id, String name, long bytes, String type, String sha256, Instant createdAt) {}

    static FileResponse shown(StoredFile file) {
        return new FileResponse(file.id(), file.name(), file.bytes(), file.type(), file.sha256(), file.createdAt());
    }

    private Reply upload(Request request) throws IOException {
        String length = request.header("content-length")
                .orElseThrow(() -> Input.refused("Content-Length is missing; a file of unknown length is sent to"
                        + " /api/uploads when it is known"));
        StoredFile file = files.store(
                request.principal().id(),
                FileStorage.name(request.query("name").orElse(null)),
                Input.number("Content-Length", length.strip()),
                new RecheckedTransfer(request.stream(), () -> authenticator.authenticate(request.handshake()), ticker));
        return Reply.created(shown(file)).with("Location", "/api/files/" + file.id());
    }

    private Reply list(Request request) {
        List<FileResponse> found = files
                .list(
                        request.principal().id(),
                        request.query("before")
                                .map(id -> Input.text("before", id, 1, LONGEST_ID))
                                .orElse(null),
                        Input.limit(request.query("limit"), MOST_LISTED, MOST_LISTED))
                .stream()
                .map(FileRoutes::shown)
                .toList();
        return Reply.ok(Map.of("files", found));
    }

    private Reply describe(Request request) {
        return Reply.ok(shown(theirs(request.segment("id"), request.principal().id())));
    }

    private Reply delete(Request request) {
        if (!files.delete(request.segment("id"), request.principal().id())) {
            throw FileStorage.notFound();
        }
        return Reply.empty();
    }

    private record SignedLinkRequest(@Nullable Integer seconds) {}

    private Reply link(Request request) {
        StoredFile file = own(request);
        int seconds =
                Input.present("seconds", request.body(SignedLinkRequest.class).seconds());
        if (seconds < 1 || seconds > LONGEST_LINK.toSeconds()) {
            throw Input.refused("seconds is " + seconds + "; allowed are 1 to " + LONGEST_LINK.toSeconds());
        }
        Instant expires = Instant.ofEpochSecond(links.now().getEpochSecond() + seconds);
        return Reply.created(Map.of(
                "path",
                "/api/files/" + file.id() + "/content?" + links.query(file.id(), expires),
                "expiresAt",
                expires));
    }

    private StoredFile own(Request request) {
        return files.find(request.segment("id"))
                .filter(file -> file.owner().equals(request.principal().id()))
                .orElseThrow(FileStorage::notFound);
    }

    /** The file called {@code id}, for its owner and for those who may read it as well. */
    private StoredFile theirs(String id, String who) {
        return files.find(id)
                .filter(file -> file.owner().equals(who) || readers.mayRead(who, file.id()))
                .orElseThrow(FileStorage::notFound);
    }

    /** A file that somebody may read: an account, or the address that has shown a link. */
    private record ReadableFile(StoredFile file, Caller caller) {}

    /** The file, for those, and for whoever has a link to it. */
    private ReadableFile readable(Request request) {
        String id = request.segment("id");
        if (request.query("signature").isEmpty()) {
            String who = request.by(authenticator.authenticate(request.handshake()))
                    .principal()
                    .id();
            return new ReadableFile(theirs(id, who), new Caller(who, true, holder(request)));
        }
        if (!links.allows(id, request.query("expires"), request.query("signature"))) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "the link has run out, or was not made here");
        }
        return new ReadableFile(files.find(id).orElseThrow(FileStorage::notFound), new Caller(holder(request), false));
    }

    private static String holder(Request request) {
        return NetworkAddress.holder(request.handshake().address());
    }

    private Reply content(Request request) {
        ReadableFile readable = readable(request);
        StoredFile file = readable.file();
        EntityTag tag = new EntityTag(file.sha256(), false);
        if (tag.isNamedBy(request)) {
            return common(new Reply(304, List.of(), null), tag);
        }
        boolean same = request.header("if-range").map(tag.toString()::equals).orElse(true);
        ByteRange range = request.header("range")
                .filter(_ -> same && request.method().equals("GET"))
                .map(header -> ByteRange.of(header, file.bytes()))
                .orElseGet(ByteRange.Whole::new);
        return switch (range) {
            case ByteRange.Unsatisfiable _ ->
                noSuchBytes(request.header("range").orElse(""), file.bytes());
            case ByteRange.Whole _ -> common(part(200, request, readable, 0, file.bytes()), tag);
            case ByteRange.Part(long from, long to) ->
                common(part(206, request, readable, from, to), tag)
                        .with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + file.bytes());
        };
    }

    /** RFC 9110, section 15.5.17. */
    private static Reply noSuchBytes(String range, long bytes) {
        TuttiException why = new TuttiException(
                ErrorCode.BAD_REQUEST, "Range is '" + range.strip() + "'; the file has " + bytes + " bytes");
        return Reply.refused(416, why).with("Content-Range", "bytes */" + bytes);
    }

    private Reply part(int status, Request request, ReadableFile readable, long from, long to) {
        StoredFile file = readable.file();
        FileType type = FileType.named(file.type());
        Runnable question = () -> requireStillReadable(request, readable);
        StreamedContent.Source source = () -> new RecheckedTransfer(files.read(file, from, to), question, ticker);
        return new Reply(status, List.of(), new StreamedContent(type.mediaType(), to - from, source))
                .with("Accept-Ranges", "bytes")
                .with("Content-Disposition", disposition(type.inline() ? "inline" : "attachment", file.name()));
    }

    /**
     * Passes if the transfer of {@code readable} may go on, which is no request of its own that counts as one. A transfer that a link
     * began goes on after the link has run out, for as long as there is the file. The right to the file is looked at first, as it ends too
     * while the token has run out.
     */
    private void requireStillReadable(Request request, ReadableFile readable) {
        if (readable.caller().known()) {
            StoredFile _ = theirs(readable.file().id(), readable.caller().holder());
            Principal _ = authenticator.authenticate(request.handshake());
        } else {
            StoredFile _ = files.find(readable.file().id()).orElseThrow(FileStorage::notFound);
        }
    }

    private Reply thumbnail(Request request) throws IOException {
        ReadableFile readable = readable(request);
        StoredFile file = readable.file();
        int size = request.query("size")
                .map(text -> (int) Input.number("size", text))
                .orElse(SIZES.get(1));
        if (!SIZES.contains(size)) {
            throw Input.refused("size is " + size + "; allowed are " + SIZES);
        }
        EntityTag tag = new EntityTag(file.sha256() + "-" + size, false);
        if (tag.isNamedBy(request)) {
            return common(new Reply(304, List.of(), null), tag);
        }
        StreamedContent made = thumbnails.of(file, size, readable.caller(), () -> files.read(file, 0, file.bytes()));
        return common(new Reply(200, List.of(), made), tag);
    }

    private static Reply common(Reply reply, EntityTag tag) {
        return reply.with("ETag", tag.toString())
                .with("Cache-Control", "private, max-age=31536000, immutable")
                .with("Content-Security-Policy", POLICY)
                .with("Cross-Origin-Resource-Policy", "same-site");
    }

    /** RFC 6266, with the name as RFC 8187 writes it. */
    private static String disposition(String kind, String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "!#$&+-.^_`|~".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(String.format("%02X", (int) c));
            }
        }
        return kind + "; filename*=UTF-8''" + encoded;
    }
}
