package dev.tutti.chat;

import dev.tutti.account.Accounts;
import dev.tutti.account.User;
import dev.tutti.chat.ConversationList.Listed;
import dev.tutti.chat.ConversationList.Overview;
import dev.tutti.core.input.Input;
import dev.tutti.core.stream.Streams;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Appended;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chat over REST. */
final class ChatRoutes {
    private static final String ONE = "/api/conversations/:id";
    private static final int MEMBERS_PAGE = 100;
    private static final int MOST_MEMBERS_PAGE = 500;
    private static final int SEARCH_PAGE = 20;
    private static final int MESSAGES_PAGE = 50;

    private final Chat chat;
    private final Accounts accounts;
    private final Streams streams;

    ChatRoutes(Chat chat, Accounts accounts, Streams streams) {
        this.chat = chat;
        this.accounts = accounts;
        this.streams = streams;
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(accounts))
                .on("GET", "/api/users", this::users)
                .on("GET", "/api/groups", this::groups)
                .on("GET", "/api/chat", this::overview)
                .on("GET", "/api/chat/search", this::search)
                .on("GET", "/api/invitations", this::invitations)
                .on("POST", "/api/conversations", this::found)
                .on("GET", ONE, this::conversation)
                .on("PATCH", ONE, this::rename)
                .on("GET", ONE + "/messages", this::history)
                .on("POST", ONE + "/messages", this::send)
                .on("PATCH", ONE + "/messages/:seq", this::edit)
                .on("DELETE", ONE + "/messages/:seq", this::delete)
                .on("PUT", ONE + "/messages/:seq/reactions/:emoji", this::react)
                .on("DELETE", ONE + "/messages/:seq/reactions/:emoji", this::unreact)
                .on("POST", ONE + "/read", this::read)
                .on("GET", ONE + "/members", this::members)
                .on("POST", ONE + "/members", this::add)
                .on("DELETE", ONE + "/members/:user", this::remove)
                .on("POST", ONE + "/join", this::join)
                .on("POST", ONE + "/accept", this::accept)
                .on("POST", ONE + "/decline", this::decline);
    }

    private record Start(
            User me,
            String token,
            List<Conversation> conversations,
            List<Conversation> invitations,
            Map<String, User> users,
            long fileBytes) {}

    private record Invited(List<Conversation> invitations, Map<String, User> users) {}

    private record NewConversationRequest(
            @Nullable String kind,
            @Nullable String user,
            @Nullable String title,
            @Nullable Boolean open,
            @Nullable List<@Nullable String> members) {}

    private record Sent(long seq, Instant at, String id) {}

    private record Draft(
            @Nullable String id,
            @Nullable String text,
            @Nullable List<@Nullable String> attachments,
            @Nullable Long replyTo) {}

    private record Title(@Nullable String title) {}

    private record Edit(@Nullable String text) {}

    private record Seen(@Nullable Long seq) {}

    private record NewMemberRequest(@Nullable String user) {}

    private record MemberPage(List<Listed> members, boolean more) {}

    private Reply users(Request request) {
        return Reply.ok(Map.of("users", chat.directory().users(Input.search(request.query("query")))));
    }

    private Reply groups(Request request) {
        String me = me(request);
        return Reply.ok(Map.of("groups", chat.directory().groups(Input.search(request.query("query")), me)));
    }

    private Reply overview(Request request) {
        Principal who = request.principal();
        String token = streams.token(); // before the list is read: what comes between is in both, and missing in none
        Overview overview = chat.listing().all(who.id());
        return Reply.ok(new Start(
                accounts.user(who),
                token,
                overview.conversations(),
                overview.invitations(),
                overview.users(),
                chat.mostFileBytes()));
    }

    private Reply search(Request request) {
        String query = Input.text("query", request.query("query").orElse(null), 1, Fields.MOST_QUERY);
        String conversation =
                request.query("conversation").map(Fields::conversation).orElse(null);
        int limit = Input.limit(request.query("limit"), SEARCH_PAGE, MessageSearch.MOST);
        return Reply.ok(chat.search()
                .find(me(request), conversation, query, request.query("after").orElse(null), limit));
    }

    private Reply found(Request request) {
        String me = me(request);
        NewConversationRequest body = request.body(NewConversationRequest.class);
        String kind = Input.present("kind", body.kind());
        String id = switch (kind) {
            case Conversation.DIRECT -> chat.invitations().found(me, Fields.user(body.user()));
            case Conversation.GROUP ->
                chat.creation()
                        .group(
                                me,
                                Fields.title(body.title()),
                                body.open() != null && body.open(),
                                Fields.users(body.members()));
            default -> throw Input.refused("kind is not direct or group");
        };
        return Reply.created(chat.listing().one(id, me));
    }

    private Reply invitations(Request request) {
        Overview overview = chat.listing().all(me(request));
        return Reply.ok(new Invited(overview.invitations(), overview.users()));
    }

    private Reply accept(Request request) {
        String me = me(request);
        String conversation = id(request);
        chat.accept(conversation, me);
        return Reply.ok(chat.listing().one(conversation, me));
    }

    private Reply decline(Request request) {
        chat.invitations().decline(id(request), me(request));
        return Reply.empty();
    }

    private Reply conversation(Request request) {
        String me = me(request);
        return Reply.ok(chat.listing().one(id(request), me));
    }

    private Reply rename(Request request) {
        String me = me(request);
        String conversation = id(request);
        chat.membership()
                .rename(conversation, me, Fields.title(request.body(Title.class).title()));
        return Reply.ok(chat.listing().one(conversation, me));
    }

    private Reply history(Request request) {
        String me = me(request);
        long before = request.query("before")
                .map(text -> Input.number("before", text))
                .orElse(Long.MAX_VALUE);
        int limit = Input.limit(request.query("limit"), MESSAGES_PAGE, ConversationHistory.MOST);
        return Reply.ok(chat.history().before(id(request), me, before, limit));
    }

    private Reply send(Request request) {
        String me = me(request);
        Draft draft = request.body(Draft.class);
        String messageId = Fields.messageId(draft.id());
        List<String> files = Fields.files(draft.attachments());
        Appended sent = chat.messages()
                .send(
                        id(request),
                        me,
                        messageId,
                        Fields.text(draft.text(), files),
                        files,
                        Fields.replyTo(draft.replyTo()));
        Sent body = new Sent(sent.seq(), sent.at(), messageId);
        return sent.repeated() ? Reply.ok(body) : Reply.created(body);
    }

    private Reply edit(Request request) {
        String me = me(request);
        String text = Fields.text(request.body(Edit.class).text());
        return Reply.ok(Map.of("seq", chat.messages().edit(id(request), me, seq(request), text)));
    }

    private Reply delete(Request request) {
        String me = me(request);
        return Reply.ok(Map.of("seq", chat.messages().delete(id(request), me, seq(request))));
    }

    private Reply react(Request request) {
        return reactions(
                chat.reactions().add(id(request), me(request), seq(request), Emoji.require(request.segment("emoji"))));
    }

    private Reply unreact(Request request) {
        return reactions(chat.reactions()
                .remove(id(request), me(request), seq(request), Emoji.require(request.segment("emoji"))));
    }

    private static Reply reactions(List<Reaction> reactions) {
        return Reply.ok(Map.of("reactions", reactions));
    }

    private Reply read(Request request) {
        String me = me(request);
        chat.receipts()
                .read(id(request), me, Fields.seq(request.body(Seen.class).seq()));
        return Reply.empty();
    }

    private Reply members(Request request) {
        String conversation = id(request);
        chat.members().require(conversation, me(request));
        int limit = Input.limit(request.query("limit"), MEMBERS_PAGE, MOST_MEMBERS_PAGE);
        String after = request.query("after").map(Fields::user).orElse("");
        List<Listed> found = chat.listing().members(conversation, after, limit + 1);
        boolean more = found.size() > limit;
        return Reply.ok(new MemberPage(more ? found.subList(0, limit) : found, more));
    }

    private Reply add(Request request) {
        String me = me(request);
        chat.membership()
                .add(
                        id(request),
                        me,
                        Fields.user(request.body(NewMemberRequest.class).user()));
        return Reply.empty();
    }

    private Reply remove(Request request) {
        String me = me(request);
        chat.membership().remove(id(request), me, Fields.user(request.segment("user")));
        return Reply.empty();
    }

    private Reply join(Request request) {
        String me = me(request);
        chat.membership().join(id(request), me);
        return Reply.empty();
    }

    private static String me(Request request) {
        return request.principal().id();
    }

    private static String id(Request request) {
        return Fields.conversation(request.segment("id"));
    }

    private static long seq(Request request) {
        return Fields.seq(request.segment("seq"));
    }
}
