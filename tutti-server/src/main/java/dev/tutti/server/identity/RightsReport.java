package dev.tutti.server.identity;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.AccountSettings;
import dev.tutti.account.Accounts;
import dev.tutti.chat.Chat;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.stream.StreamDecisions;
import dev.tutti.feed.FeedKey;
import dev.tutti.job.Job;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.HookSettings;
import dev.tutti.server.config.HookSettings.HookEvent;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.IdentitySettings.Switch;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says in words what the bearer of a token may do with a stream and a feed of one name, and which rule allows it, as far as that is known
 * without the database and the backend: by the decision that all transports make, from the settings and the token. Blocks where public
 * keys have to be asked for.
 */
public final class RightsReport {
    private static final String ANYBODY = "anybody";
    private static final String KEY = "key:";
    private static final String SERVER = "the server itself";
    private static final List<Action> ACTIONS = List.of(Action.READ, Action.PUBLISH);

    private final Configuration configuration;
    private final List<String> secrets;
    private final Clock clock;
    private final boolean accounts;
    private final Rights rights;
    private final RightsAccess feeds;
    private final StreamDecisions streams;

    /**
     * For servers with {@code configuration} that sign with {@code secrets}, the current one first; without one no token is theirs.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    public RightsReport(Configuration configuration, List<String> secrets, Clock clock) {
        this.configuration = configuration;
        this.secrets = List.copyOf(secrets);
        this.clock = clock;
        this.accounts = configuration.value(IdentitySettings.OWN_ACCOUNTS) == Switch.ON;
        this.rights = Rights.of(configuration.value(IdentitySettings.RIGHTS));
        this.feeds = new RightsAccess(rights);
        Optional<Function<Principal, Entitlements>> chat =
                accounts ? Optional.of(_ -> Map::of) : Optional.empty(); // whose streams are not told of here
        StreamAccess people = feeds.streams(chat, (_, _) -> Charge.NONE);
        this.streams = new StreamDecisions(KindAccess.ofAudit(KindAccess.ofJobs(_ -> Optional.empty(), people)));
    }

    private record Bearer(Principal who, String title, String unknown) {}

    /**
     * Says what the bearer of {@code token} may do with the stream and the feed called {@code name}; {@code anybody} instead of a token
     * stands for those who show none, {@code key:} and capabilities with commas between for a key that has these.
     *
     * @throws TuttiException if the token is not good, the name is none of a stream, or a setting cannot be used
     */
    public String of(String token, String name) {
        StreamName stream = new StreamName(name);
        FeedKey feed = new FeedKey(name);
        if (token.equals(ANYBODY)) {
            return "A client without a login.\n" + anybodys(stream, feed);
        }
        Bearer bearer = bearer(token);
        StringBuilder text = new StringBuilder(bearer.title());
        if (!bearer.who().until().equals(Instant.MAX)) {
            text.append(", valid until ").append(bearer.who().until());
        }
        text.append(bearer.unknown());
        if (!Rights.isProgram(bearer.who()) && isAsked(HookEvent.CONNECT)) {
            text.append("; the backend is asked whether the user may connect");
        }
        text.append(".\n");
        for (Action action : ACTIONS) {
            text.append(ofStream(bearer.who(), action, stream));
        }
        for (Action action : ACTIONS) {
            text.append(ofFeed(bearer.who(), action, feed));
        }
        return text.toString();
    }

    private String anybodys(StreamName stream, FeedKey feed) {
        String may;
        if (!streams.isPublic(stream)) {
            may = "May not read the stream " + stream + ": no rule allows it. The rules for anybody are: "
                    + joined(rights.anybodys().map(RightsReport::said)) + ".\n";
        } else if (isAsked(HookEvent.SUBSCRIBE)) {
            may = "May not read the stream " + stream + ": " + HookSettings.EVENTS.name()
                    + " contains subscribe, and the backend is not asked about clients without a login.\n";
        } else {
            may = "May read the stream " + stream + ": allowed by "
                    + rights.anybodys(Action.READ, stream.value())
                            .map(RightsReport::said)
                            .orElse(SERVER)
                    + ".\n";
        }
        return may
                + (feeds.isPublic(feed)
                        ? publicFeed(feed)
                        : "May not read the feed " + feed + ": only feeds of the kind public need no login.\n")
                + "May not publish to the stream or the feed " + stream + ": this needs a login or a key.\n";
    }

    private static String publicFeed(FeedKey feed) {
        return "May read the feed " + feed + ": everybody may read feeds of the kind public.\n";
    }

    private boolean isAsked(HookEvent event) {
        return configuration.value(HookSettings.URL).isPresent()
                && configuration.value(HookSettings.EVENTS).contains(event);
    }

    private String ofStream(Principal who, Action action, StreamName stream) {
        boolean may = action == Action.READ ? streams.mayRead(who, stream) : streams.mayAppend(who, stream);
        String why = may
                ? "allowed by "
                        + rights.grant(who, action, stream.value())
                                .map(grant -> source(grant, who))
                                .orElse(SERVER)
                : refusal(who, action, stream);
        return sentence(may, who, action, (action == Action.PUBLISH ? "to " : "") + "the stream " + stream, why);
    }

    private String refusal(Principal who, Action action, StreamName stream) {
        boolean publish = action == Action.PUBLISH;
        String kind = stream.kind();
        if (StreamDecisions.isInternal(stream)) {
            return "clients can neither read streams of this kind nor append to them";
        }
        if (kind.equals(AuditTrail.KIND) && publish) {
            return "only the server writes the audit";
        }
        if (kind.equals(AuditTrail.KIND) && !Rights.isProgram(who)) {
            return "only programs with a key can read the audit as a stream";
        }
        if (kind.equals(Job.STREAM_KIND) && publish) {
            return "only the server appends to streams of jobs";
        }
        if (kind.equals(Chat.STREAM_KIND) && publish && accounts) {
            return "only the chat writes into conversations";
        }
        if (kind.equals(Chat.STREAM_KIND) && accounts && !Rights.isProgram(who)) {
            return "only programs with a key can read conversations as streams; people read them in the chat";
        }
        return "no rule allows it. The rules for " + verb(action) + " are: " + having(who, action, _ -> true)
                + (kind.equals(Job.STREAM_KIND)
                        ? ". The owner of the job may read it; only a running server knows the owner"
                        : "");
    }

    private String ofFeed(Principal who, Action action, FeedKey feed) {
        boolean publish = action == Action.PUBLISH;
        if (!publish && feeds.isPublic(feed)) {
            return publicFeed(feed);
        }
        Optional<Rights.Grant> grant = publish ? feeds.publishing(who, feed) : feeds.reading(who, feed);
        String why = grant.map(found -> "allowed by " + source(found, who))
                .orElseGet(() -> "no rule allows it"
                        + (publish ? ". " + IdentitySettings.RIGHTS.name() + " does not apply to publishing feeds" : "")
                        + ". The rules for " + verb(action) + " are: "
                        + having(
                                who,
                                action,
                                publish ? Rights.Grant::own : each -> each.holder() != Rights.Holder.ANYBODY));
        return sentence(grant.isPresent(), who, action, "the feed " + feed, why);
    }

    private String sentence(boolean may, Principal who, Action action, String what, String why) {
        HookEvent event = action == Action.READ ? HookEvent.SUBSCRIBE : HookEvent.PUBLISH;
        boolean asked = may && !Rights.isProgram(who) && isAsked(event);
        return (may ? "May " : "May not ") + verb(action) + " " + what + ": " + why + "."
                + (asked ? " The backend is asked, too (" + HookSettings.EVENTS.name() + "), and may refuse it." : "")
                + "\n";
    }

    private static String verb(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private String having(Principal who, Action action, Predicate<Rights.Grant> counts) {
        return joined(rights.grants(who)
                .filter(grant -> grant.rule().action() == action)
                .filter(counts)
                .map(grant -> source(grant, who)));
    }

    private static String joined(Stream<String> sources) {
        String all = sources.collect(Collectors.joining(", "));
        return all.isEmpty() ? "none" : all;
    }

    private static String source(Rights.Grant grant, Principal who) {
        return grant.own()
                ? grant.capability() + " in " + (Rights.isProgram(who) ? "the key" : "the token")
                : said(grant) + claimed(grant.rule(), who);
    }

    /** The values that the token has of the claims that {@code rule} asks for. */
    private static String claimed(RightsRule rule, Principal who) {
        return rule.claims().stream()
                .sorted()
                .map(name -> " (values of the claim " + name + " in the token: "
                        + joined(who.claims().getOrDefault(name, Set.of()).stream()
                                .sorted())
                        + ")")
                .collect(Collectors.joining());
    }

    /** A rule that is not of a token or key, as it is written. */
    private static String said(Rights.Grant grant) {
        String whose = grant.holder() == Rights.Holder.ANYBODY ? ANYBODY + ":" : "";
        return whose + grant.capability() + " in " + IdentitySettings.RIGHTS.name();
    }

    private Bearer bearer(String token) {
        if (token.startsWith(KEY)) {
            List<Capability> capabilities = Stream.of(
                            token.substring(KEY.length()).split(",", -1))
                    .filter(text -> !text.isEmpty())
                    .map(Capability::parse)
                    .toList();
            ApiKey key = new ApiKey("given", "given", capabilities, Instant.EPOCH, null);
            return new Bearer(key.principal(), "A key with these capabilities", "");
        }
        if (ApiKeys.isKey(token)) {
            return secrets.stream().map(ApiKeys::root).anyMatch(token::equals)
                    ? new Bearer(ApiKeys.ROOT.principal(), "The root key", "")
                    : unknownKey();
        }
        if (IdentitySettings.hasIssuers(configuration)
                && (!accounts || TokenIssuers.isOfAnotherThan(Accounts.ISSUER, token))) {
            // one question, so that nothing is kept for longer than it takes
            Principal who =
                    new TokenIssuers(configuration, rights.claims(), clock, () -> 0, new JsonCodec()).verify(token);
            return new Bearer(who, "A token of another issuer, for the user " + who.id(), "");
        }
        if (!accounts || secrets.isEmpty()) {
            throw new TuttiException(
                    ErrorCode.UNAUTHENTICATED,
                    "this server has no accounts (" + IdentitySettings.OWN_ACCOUNTS.name()
                            + "=off), or no secret, which the first start makes");
        }
        AccountSettings settings =
                AccountSettings.of(secrets.getFirst()).withPreviousSecrets(secrets.subList(1, secrets.size()));
        Principal who = Accounts.claimed(token, settings, clock);
        return new Bearer(
                who,
                "An access token of the account " + who.id(),
                "; only a running server knows whether its session has ended");
    }

    private static Bearer unknownKey() {
        throw new TuttiException(
                ErrorCode.UNAUTHENTICATED,
                "the capabilities of a key are only in the database: GET /api/server/keys shows them. Give them instead"
                        + " of the key, for example key:read:room:*,publish:room:orders");
    }
}
