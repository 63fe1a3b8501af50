package dev.tutti.file;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import dev.tutti.socket.Authenticator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * {@code /api/uploads/*}: uploads in several requests, to whichever instances, by tus 1.0.0 (tus.io/protocols/resumable-upload)
 * with its extensions creation, expiration and termination. Safe for use by many threads.
 */
final class TusRoutes {
    private static final String VERSION = "1.0.0";
    private static final String CHUNK = "application/offset+octet-stream";
    private static final String OFFSET = "Upload-Offset";
    private static final String LENGTH = "Upload-Length";

    private final FileStorage files;
    private final Uploads uploads;
    private final Authenticator authenticator;
    private final LongSupplier ticker;

    TusRoutes(FileStorage files, Uploads uploads, Authenticator authenticator, LongSupplier ticker) {
        this.files = files;
        this.uploads = uploads;
        this.authenticator = authenticator;
        this.ticker = ticker;
    }

    void routes(Routes routes) {
        routes.on(
                "OPTIONS",
                "/api/uploads",
                _ -> Reply.empty()
                        .with("Tus-Resumable", VERSION)
                        .with("Tus-Version", VERSION)
                        .with("Tus-Extension", "creation,expiration,termination")
                        .with("Tus-Max-Size", Long.toString(uploads.largest())));
        routes.through(TusRoutes::ofThisVersion)
                .through(Filter.authenticated(authenticator))
                .on("POST", "/api/uploads", this::create)
                .on("HEAD", "/api/uploads/:id", this::offset)
                .onStream("PATCH", "/api/uploads/:id", this::append)
                .on("DELETE", "/api/uploads/:id", this::delete);
    }

    private static Reply ofThisVersion(Request request, RequestHandler next) throws Exception {
        return request.header("tus-resumable").filter(VERSION::equals).isPresent()
                ? next.handle(request).with("Tus-Resumable", VERSION)
                : Reply.refused(412, new TuttiException(ErrorCode.UNSUPPORTED, "Tus-Resumable must be " + VERSION))
                        .with("Tus-Version", VERSION);
    }

    private Reply create(Request request) throws IOException {
        long length = number(request, LENGTH);
        Upload upload = uploads.begin(request.principal().id(), FileStorage.name(name(request)), length);
        if (length == 0) {
            uploads.finish(upload);
        }
        return told(new Reply(201, List.of(), null), upload).with("Location", "/api/uploads/" + upload.id());
    }

    /** The name among {@code key base64, key base64}; what else is there is not asked. */
    private static String name(Request request) {
        return request.header("upload-metadata").stream()
                .flatMap(metadata -> Arrays.stream(metadata.split(",", -1)))
                .map(pair -> pair.strip().split(" ", 2))
                .filter(pair -> pair.length == 2 && pair[0].equals("filename"))
                .findFirst()
                .map(pair -> decoded(pair[1]))
                .orElse("file");
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw Input.refused("Upload-Metadata has a filename that is not Base64");
        }
    }

    private Reply offset(Request request) throws IOException {
        String id = request.segment("id");
        String owner = request.principal().id();
        Optional<Upload> found = uploads.find(id, owner);
        if (found.isPresent() && found.get().left() == 0) {
            uploads.finish(found.get()); // whoever was to do that was killed before
        }
        Reply reply = new Reply(200, List.of(), null).with("Cache-Control", "no-store");
        return found.map(upload -> told(reply, upload)).orElseGet(() -> {
            long bytes = files.find(id)
                    .filter(file -> file.owner().equals(owner))
                    .orElseThrow(FileStorage::notFound)
                    .bytes();
            return reply.with(OFFSET, Long.toString(bytes)).with(LENGTH, Long.toString(bytes));
        });
    }

    private Reply append(Request request) throws IOException {
        if (!request.header("content-type").filter(CHUNK::equals).isPresent()) {
            throw new TuttiException(ErrorCode.UNSUPPORTED, "the content type of a part is " + CHUNK);
        }
        Upload taken = uploads.take(request.segment("id"), request.principal().id(), number(request, OFFSET));
        long announced = request.header("content-length").isPresent() ? number(request, "Content-Length") : 0;
        if (announced > taken.left()) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE, "the part has " + announced + " bytes; missing are " + taken.left());
        }
        Upload further = uploads.append(
                taken,
                new RecheckedTransfer(request.stream(), () -> authenticator.authenticate(request.handshake()), ticker));
        if (further.left() == 0) {
            uploads.finish(further);
        }
        return told(Reply.empty(), further);
    }

    private Reply delete(Request request) {
        if (!uploads.delete(request.segment("id"), request.principal().id())) {
            throw FileStorage.notFound();
        }
        return Reply.empty();
    }

    private static Reply told(Reply reply, Upload upload) {
        return reply.with(OFFSET, Long.toString(upload.received()))
                .with(LENGTH, Long.toString(upload.bytes()))
                .with(
                        "Upload-Expires",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                upload.expiresAt().atOffset(ZoneOffset.UTC)));
    }

    private static long number(Request request, String header) {
        return Input.number(
                header,
                request.header(header).map(String::strip).orElseThrow(() -> Input.refused(header + " is missing")));
    }
}
