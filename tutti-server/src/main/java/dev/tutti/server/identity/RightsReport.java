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
    private static final String SERVER = "the server allows it";
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
            return "Anybody, without a token.\n" + anybodys(stream, feed);
        }
        Bearer bearer = bearer(token);
        StringBuilder text = new StringBuilder(bearer.title());
        if (!bearer.who().until().equals(Instant.MAX)) {
            text.append(", good until ").append(bearer.who().until());
        }
        text.append(bearer.unknown());
        if (!Rights.isProgram(bearer.who()) && isAsked(HookEvent.CONNECT)) {
            text.append("; the backend is asked whether they may connect");
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
            may = "May not read " + stream + " as a stream: nothing allows it. What there is of read: "
                    + joined(rights.anybodys().map(RightsReport::said)) + ".\n";
        } else if (isAsked(HookEvent.SUBSCRIBE)) {
            may = "May not read " + stream + " as a stream: " + HookSettings.EVENTS.name()
                    + " has subscribe, and the backend can be asked about people alone.\n";
        } else {
            may = "May read " + stream + " as a stream: "
                    + rights.anybodys(Action.READ, stream.value())
                            .map(RightsReport::said)
                            .orElse(SERVER)
                    + ".\n";
        }
        return may
                + (feeds.isPublic(feed)
                        ? publicFeed(feed)
                        : "May not read " + feed + " as a feed: of feeds those of the kind public are for anybody.\n")
                + "May not publish " + stream + ": nobody does without a login.\n";
    }

    private static String publicFeed(FeedKey feed) {
        return "May read " + feed + " as a feed: feeds of the kind public are for anybody.\n";
    }

    private boolean isAsked(HookEvent event) {
        return configuration.value(HookSettings.URL).isPresent()
                && configuration.value(HookSettings.EVENTS).contains(event);
    }

    private String ofStream(Principal who, Action action, StreamName stream) {
        boolean may = action == Action.READ ? streams.mayRead(who, stream) : streams.mayAppend(who, stream);
        String why = may
                ? rights.grant(who, action, stream.value())
                        .map(grant -> source(grant, who))
                        .orElse(SERVER)
                : refusal(who, action, stream);
        return sentence(may, who, action, stream + " as a stream", why);
    }

    private String refusal(Principal who, Action action, StreamName stream) {
        boolean publish = action == Action.PUBLISH;
        String kind = stream.kind();
        if (StreamDecisions.isInternal(stream)) {
            return "no client reads streams of this kind or appends to them";
        }
        if (kind.equals(AuditTrail.KIND) && publish) {
            return "the server alone writes the audit";
        }
        if (kind.equals(AuditTrail.KIND) && !Rights.isProgram(who)) {
            return "programs alone read the audit as a stream";
        }
        if (kind.equals(Job.STREAM_KIND) && publish) {
            return "the server alone tells of jobs";
        }
        if (kind.equals(Chat.STREAM_KIND) && publish && accounts) {
            return "the chat alone writes into conversations";
        }
        if (kind.equals(Chat.STREAM_KIND) && accounts && !Rights.isProgram(who)) {
            return "programs alone read conversations as streams, and people read them in the chat";
        }
        return "nothing allows it. What there is of " + verb(action) + ": " + having(who, action, _ -> true)
                + (kind.equals(Job.STREAM_KIND) ? ". The job's owner may, which only a running server knows" : "");
    }

    private String ofFeed(Principal who, Action action, FeedKey feed) {
        boolean publish = action == Action.PUBLISH;
        if (!publish && feeds.isPublic(feed)) {
            return publicFeed(feed);
        }
        Optional<Rights.Grant> grant = publish ? feeds.publishing(who, feed) : feeds.reading(who, feed);
        String why = grant.map(found -> source(found, who))
                .orElseGet(() -> "nothing allows it"
                        + (publish ? ", for which " + IdentitySettings.RIGHTS.name() + " do not count" : "")
                        + ". What there is of " + verb(action) + ": "
                        + having(
                                who,
                                action,
                                publish ? Rights.Grant::own : each -> each.holder() != Rights.Holder.ANYBODY));
        return sentence(grant.isPresent(), who, action, feed + " as a feed", why);
    }

    private String sentence(boolean may, Principal who, Action action, String what, String why) {
        HookEvent event = action == Action.READ ? HookEvent.SUBSCRIBE : HookEvent.PUBLISH;
        boolean asked = may && !Rights.isProgram(who) && isAsked(event);
        return (may ? "May " : "May not ") + verb(action) + " " + what + ": " + why + "."
                + (asked ? " The backend is asked as well (" + HookSettings.EVENTS.name() + ") and may refuse it." : "")
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
        return all.isEmpty() ? "nothing" : all;
    }

    private static String source(Rights.Grant grant, Principal who) {
        return grant.own()
                ? grant.capability() + " of " + (Rights.isProgram(who) ? "the key" : "the token")
                : said(grant) + claimed(grant.rule(), who);
    }

    /** The values that the token has of the claims that {@code rule} asks for. */
    private static String claimed(RightsRule rule, Principal who) {
        return rule.claims().stream()
                .sorted()
                .map(name -> ", with the token's claim " + name + ": "
                        + joined(who.claims().getOrDefault(name, Set.of()).stream()
                                .sorted()))
                .collect(Collectors.joining());
    }

    /** A rule that is not of a token or key, as it is written. */
    private static String said(Rights.Grant grant) {
        String whose = grant.holder() == Rights.Holder.ANYBODY ? ANYBODY + ":" : "";
        return whose + grant.capability() + " of " + IdentitySettings.RIGHTS.name();
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
            return new Bearer(who, "A token of another issuer, of " + who.id(), "");
        }
        if (!accounts || secrets.isEmpty()) {
            throw new TuttiException(
                    ErrorCode.UNAUTHENTICATED, "there are no accounts at this server, or none has been made yet");
        }
        AccountSettings settings =
                AccountSettings.of(secrets.getFirst()).withPreviousSecrets(secrets.subList(1, secrets.size()));
        Principal who = Accounts.claimed(token, settings, clock);
        return new Bearer(
                who,
                "An access token of the account of " + who.id(),
                ", unless its session has ended, which only a running server knows");
    }

    private static Bearer unknownKey() {
        throw new TuttiException(
                ErrorCode.UNAUTHENTICATED,
                "what a key may do is in the database alone: GET /api/server/keys shows its capabilities, and key: with these"
                        + " behind it, such as key:read:room:*,publish:room:orders, stands for it here");
    }
}
