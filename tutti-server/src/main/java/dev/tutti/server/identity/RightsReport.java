package dev.tutti.server.identity;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.AccountSettings;
import dev.tutti.account.Accounts;
import dev.tutti.chat.Chat;
import dev.tutti.core.JsonCodec;
import dev.tutti.job.Job;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.HookSettings;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.IdentitySettings.Switch;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Principal;
import dev.tutti.stream.StreamName;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says in words what the bearer of a token may do with a stream, and which rule allows it, as far as that is known without the
 * database: from the settings and the token.
 */
public final class RightsReport {
    private static final String ANYBODY = "anybody";
    private static final List<Action> ACTIONS = List.of(Action.READ, Action.PUBLISH);

    private final Configuration configuration;
    private final List<String> secrets;
    private final Clock clock;

    /** For servers with {@code configuration} that sign with {@code secrets}, the current one first; without one no token is theirs. */
    public RightsReport(Configuration configuration, List<String> secrets, Clock clock) {
        this.configuration = configuration;
        this.secrets = List.copyOf(secrets);
        this.clock = clock;
    }

    private record Bearer(Principal who, String kind, String unknown) {}

    /**
     * Says what the bearer of {@code token} may do with {@code stream}; {@code anybody} instead of a token stands for those who show none.
     * Blocks where public keys have to be asked for.
     *
     * @throws TuttiException if the token is not good, the name is none of a stream, or a setting cannot be used
     */
    public String of(String token, String stream) {
        String name = new StreamName(stream).value();
        Rights rights = Rights.of(configuration.value(IdentitySettings.RIGHTS));
        if (token.equals(ANYBODY)) {
            return "Anybody, without a token.\n" + anybodys(rights, name);
        }
        Bearer bearer = bearer(token);
        StringBuilder text = new StringBuilder(bearer.kind())
                .append(" of ")
                .append(bearer.who().id());
        if (!bearer.who().until().equals(Instant.MAX)) {
            text.append(", good until ").append(bearer.who().until());
        }
        text.append(bearer.unknown()).append(".\n");
        for (Action action : ACTIONS) {
            text.append(sentence(rights, bearer.who(), action, name));
        }
        return text.toString();
    }

    private String anybodys(Rights rights, String name) {
        String may = rights.anybodys(Action.READ, name)
                .map(grant -> asksAboutSubscriptions()
                        ? "May not read " + name + ": " + HookSettings.EVENTS.name()
                                + " has subscribe, and the backend can be asked about people alone.\n"
                        : "May read " + name + " as a stream: " + said(grant) + ".\n")
                .orElseGet(() -> "May not read " + name + " as a stream: nothing allows it. What there is of read: "
                        + joined(rights.anybodys().map(RightsReport::said)) + ".\n");
        String feed =
                Identities.isPublic(name) ? "May read the feed " + name + ": feeds of its kind are for anybody.\n" : "";
        return may + feed + "May not publish " + name + ": nobody does without a login.\n";
    }

    private boolean asksAboutSubscriptions() {
        return configuration.value(HookSettings.URL).isPresent()
                && configuration.value(HookSettings.EVENTS).contains(HookSettings.HookEvent.SUBSCRIBE);
    }

    private String sentence(Rights rights, Principal who, Action action, String name) {
        String verb = action.name().toLowerCase(Locale.ROOT);
        boolean job = name.startsWith(Job.STREAM_KIND + ":");
        if (name.startsWith(AuditTrail.KIND + ":") && (action == Action.PUBLISH || !Rights.isProgram(who))) {
            return "May not " + verb + " " + name
                    + (action == Action.PUBLISH
                            ? ": the server alone writes the audit.\n"
                            : ": programs alone read the audit as a stream.\n");
        }
        if (job && action == Action.PUBLISH) {
            return "May not publish " + name + ": the server alone tells of jobs.\n";
        }
        if (action == Action.PUBLISH && hasAccounts() && name.startsWith(Chat.STREAM_KIND + ":")) {
            return "May not publish " + name + ": the chat alone writes into conversations.\n";
        }
        return rights.grant(who, action, name)
                .map(grant -> "May " + verb + " " + name + ": " + source(grant, who) + ".\n")
                .orElseGet(() -> "May not " + verb + " " + name + ": nothing allows it. What there is of " + verb + ": "
                        + having(rights, who, verb) + "."
                        + (job ? " The job's owner may, which only a running server knows." : "") + "\n");
    }

    private static String having(Rights rights, Principal who, String verb) {
        return joined(rights.grants(who)
                .filter(grant -> grant.capability().startsWith(verb + ":"))
                .map(grant -> source(grant, who)));
    }

    private static String joined(Stream<String> sources) {
        String all = sources.collect(Collectors.joining(", "));
        return all.isEmpty() ? "nothing" : all;
    }

    private static String source(Rights.Grant grant, Principal who) {
        return grant.own()
                ? grant.capability() + " of " + (Rights.isProgram(who) ? "the key" : "the token")
                : said(grant);
    }

    /** A rule that is not of a token or key, as it is written. */
    private static String said(Rights.Grant grant) {
        String whose = grant.holder() == Rights.Holder.ANYBODY ? ANYBODY + ":" : "";
        return whose + grant.capability() + " of " + IdentitySettings.RIGHTS.name();
    }

    private Bearer bearer(String token) {
        if (ApiKeys.isKey(token)) {
            return secrets.stream().map(ApiKeys::root).anyMatch(token::equals)
                    ? new Bearer(ApiKeys.ROOT.principal(), "The root key", "")
                    : unknownKey();
        }
        boolean accounts = hasAccounts();
        if (IdentitySettings.hasIssuers(configuration)
                && (!accounts || TokenIssuers.isOfAnotherThan(Accounts.ISSUER, token))) {
            return new Bearer(
                    new TokenIssuers(configuration, clock, new JsonCodec()).verify(token),
                    "A token of another issuer,",
                    "");
        }
        if (!accounts || secrets.isEmpty()) {
            throw new TuttiException(
                    ErrorCode.UNAUTHENTICATED, "there are no accounts at this server, or none has been made yet");
        }
        AccountSettings settings =
                AccountSettings.of(secrets.getFirst()).withPreviousSecrets(secrets.subList(1, secrets.size()));
        return new Bearer(
                Accounts.claimed(token, settings, clock),
                "An access token of the account",
                ", unless its session has ended, which only a running server knows");
    }

    private boolean hasAccounts() {
        return configuration.value(IdentitySettings.OWN_ACCOUNTS) == Switch.ON;
    }

    private static Bearer unknownKey() {
        throw new TuttiException(
                ErrorCode.UNAUTHENTICATED,
                "what a key may do is in the database alone: GET /api/server/keys shows its capabilities, which are all"
                        + " that it has beside what anybody has, as TUTTI_RIGHTS are not for keys");
    }
}
