package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.identity.KeyHandler;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.server.outbound.OutboundClient;
import dev.tutti.server.outbound.SigningSecret;
import dev.tutti.server.webhook.WaitingStream;
import dev.tutti.server.webhook.Webhook;
import dev.tutti.server.webhook.WebhookTable;
import dev.tutti.socket.Namespace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of {@code /api/server/webhooks}, which have events of streams posted to other programs. Each request shows a key that
 * allows it, for every stream and pattern of the webhook. Safe for use by many threads.
 */
public final class WebhookRoutes {
    private static final int MAX_SHOWN = 20;
    private static final int LONGEST_TYPE = 64;

    private final Identities identities;
    private final WebhookTable webhooks;
    private final OutboundClient outbound;

    /** The routes for {@code webhooks}, which go by {@code outbound}. */
    public WebhookRoutes(Identities identities, WebhookTable webhooks, OutboundClient outbound) {
        this.identities = identities;
        this.webhooks = webhooks;
        this.outbound = outbound;
    }

    private interface Change {
        void on(Webhook webhook);
    }

    /** Adds them. */
    public void routes(Routes routes) {
        identities
                .programs(routes)
                .on("GET", "/api/server/webhooks", this::list)
                .on("POST", "/api/server/webhooks", this::create)
                .on("GET", "/api/server/webhooks/:id", this::find)
                .on("DELETE", "/api/server/webhooks/:id", this::delete)
                .on("POST", "/api/server/webhooks/:id/pause", changing(this::pause))
                .on("POST", "/api/server/webhooks/:id/resume", changing(webhook -> webhooks.resume(webhook.id())))
                .on("POST", "/api/server/webhooks/:id/retry", changing(this::retry))
                .on("POST", "/api/server/webhooks/:id/secret", this::rotate);
    }

    private KeyHandler changing(Change change) {
        return (request, key) -> {
            Webhook webhook = allowed(request, key);
            change.on(webhook);
            return Reply.ok(shown(found(webhook.id())));
        };
    }

    private Reply list(Request request, ApiKey key) {
        return Reply.ok(Map.of(
                "webhooks",
                webhooks.list().stream()
                        .filter(webhook ->
                                webhook.streams().stream().allMatch(each -> key.allows(Action.WEBHOOKS, each)))
                        .map(this::shown)
                        .toList()));
    }

    private record WebhookRequest(
            @Nullable String url,
            @Nullable List<String> streams,
            @Nullable List<String> types) {}

    private Reply create(Request request, ApiKey key) {
        WebhookRequest body = request.body(WebhookRequest.class);
        String url = outbound.checked(Input.present("url", body.url())).toString();
        List<String> streams = Input.present("streams", body.streams());
        Webhook.requireStreams(streams);
        streams.forEach(each -> key.require(Action.WEBHOOKS, each));
        if (streams.stream().anyMatch(each -> each.startsWith(AuditTrail.KIND + ":"))) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "the audit is not sent to webhooks");
        }
        if (streams.stream().anyMatch(each -> each.startsWith(Namespace.STREAM_KIND + ":"))) {
            throw new TuttiException(
                    ErrorCode.FORBIDDEN, "streams of the kind " + Namespace.STREAM_KIND + " are the server's own");
        }
        List<String> types = body.types() == null ? List.of() : body.types();
        if (types.size() > Webhook.MAX_TYPES) {
            throw Input.refused("types has " + types.size() + " entries; allowed are " + Webhook.MAX_TYPES);
        }
        types.forEach(type -> Input.text("types", type, 1, LONGEST_TYPE));
        SigningSecret secret = SigningSecret.random();
        Webhook made = webhooks.create(url, streams, types, secret);
        return Reply.created(Map.of("webhook", shown(made), "secret", secret.text()));
    }

    private Reply find(Request request, ApiKey key) {
        return Reply.ok(shown(allowed(request, key)));
    }

    private Reply delete(Request request, ApiKey key) {
        Webhook webhook = allowed(request, key);
        if (!webhooks.delete(webhook.id())) {
            throw missing(webhook.id());
        }
        return Reply.empty();
    }

    private void pause(Webhook webhook) {
        if (!webhooks.pause(webhook.id())) {
            throw new TuttiException(ErrorCode.CONFLICT, "webhook " + webhook.id() + " is not active");
        }
    }

    private void retry(Webhook webhook) {
        if (webhook.state() != Webhook.State.ACTIVE) {
            throw new TuttiException(
                    ErrorCode.CONFLICT,
                    "webhook " + webhook.id() + " is " + webhook.state().text() + "; resume it");
        }
        webhooks.retry(webhook.id());
    }

    private Reply rotate(Request request, ApiKey key) {
        Webhook webhook = allowed(request, key);
        SigningSecret secret = SigningSecret.random();
        webhooks.rotate(webhook.id(), secret);
        return Reply.ok(Map.of("webhook", shown(webhook), "secret", secret.text()));
    }

    /** The webhook that {@code request} names, if {@code key} allows all its streams. */
    private Webhook allowed(Request request, ApiKey key) {
        Webhook webhook = found(request.segment("id"));
        webhook.streams().forEach(each -> key.require(Action.WEBHOOKS, each));
        return webhook;
    }

    private Webhook found(String id) {
        return webhooks.find(id).orElseThrow(() -> missing(id));
    }

    private static TuttiException missing(String id) {
        return new TuttiException(ErrorCode.NOT_FOUND, "there is no webhook " + id);
    }

    private record Failing(
            String stream,
            long cursor,
            int attempts,
            Instant nextAttempt,
            @Nullable String error) {
        static Failing of(WaitingStream stream) {
            return new Failing(stream.stream(), stream.cursor(), stream.attempts(), stream.due(), stream.error());
        }
    }

    private record WebhookResponse(
            String id,
            String url,
            List<String> streams,
            List<String> types,
            String state,
            Instant createdAt,
            @Nullable Instant deliveredAt,
            @Nullable Instant failingSince,
            @Nullable String error,
            WebhookTable.Backlog waiting,
            List<Failing> failing) {}

    private WebhookResponse shown(Webhook webhook) {
        return new WebhookResponse(
                webhook.id(),
                webhook.url(),
                webhook.streams(),
                webhook.types(),
                webhook.state().text(),
                webhook.createdAt(),
                webhook.deliveredAt(),
                webhook.failingSince(),
                webhook.error(),
                webhooks.backlog(webhook.id()),
                webhooks.failing(webhook.id(), MAX_SHOWN).stream()
                        .map(Failing::of)
                        .toList());
    }
}
