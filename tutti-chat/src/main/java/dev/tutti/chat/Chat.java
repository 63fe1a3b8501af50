package dev.tutti.chat;

import dev.tutti.account.Accounts;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Streams;
import dev.tutti.http.Routes;
import dev.tutti.postgres.sql.Database;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Entitlements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * The chat: direct conversations and groups. A message is one append to its conversation's stream, however many read it; everybody
 * follows, in one subscription, everything they are entitled to.
 *
 * <p>Safe for use by many threads.
 */
public final class Chat {
    /** The kind of the streams of conversations, to which the chat alone appends. */
    public static final String STREAM_KIND = ChatStreams.CONVERSATION_KIND;

    private static final int LOOKED_AT = 10;

    private final Accounts accounts;
    private final Streams streams;
    private final Database database;
    private final JsonCodec json = new JsonCodec();
    private final ConversationMembers members;
    private final ConversationMembership membership;
    private final ConversationCreation creation;
    private final GroupLinks links;
    private final Invitations invitations;
    private final Quotas quotas;
    private final Messages messages;
    private final Reactions reactions;
    private final Receipts receipts;
    private final Typing typing;
    private final Directory directory;
    private final ConversationList listing;
    private final ConversationHistory history;
    private final MessageSearch search;
    private final AttachedFiles files;
    private final AttachmentStore attachments = new AttachmentStore();

    /**
     * A chat in {@code database}, where {@code streams} keep their events too, and whose tables {@link ChatSchema} has made.
     */
    public Chat(DataSource database, Streams streams, Accounts accounts, Quotas quotas, AttachedFiles files) {
        this(database, streams, accounts, quotas, files, System::nanoTime);
    }

    /** The same, with {@code ticker} telling how time passes in nanoseconds for what is remembered. */
    public Chat(
            DataSource database,
            Streams streams,
            Accounts accounts,
            Quotas quotas,
            AttachedFiles files,
            LongSupplier ticker) {
        this.files = files;
        this.accounts = accounts;
        this.streams = streams;
        this.database = new Database(database);
        ChatTransaction transactions = new ChatTransaction(this.database, streams, json);
        ConversationLocks locks = new ConversationLocks();
        this.members = new ConversationMembers(this.database, ticker);
        this.quotas = quotas;
        this.membership = new ConversationMembership(this.database, transactions, quotas, members, locks);
        this.links = new GroupLinks(this.database, members, membership, quotas);
        this.creation = new ConversationCreation(this.database, transactions, quotas);
        this.invitations = new Invitations(this.database, transactions, quotas, members);
        this.messages = new Messages(streams, transactions, members, invitations, quotas, locks, files, json);
        this.reactions = new Reactions(this.database, messages, transactions, quotas);
        this.receipts = new Receipts(streams, transactions, members, quotas);
        this.search = new MessageSearch(this.database, streams, json);
        this.typing = new Typing(ticker);
        this.directory = new Directory(this.database);
        this.listing = new ConversationList(this.database, json);
        accounts.onExport("chat", user -> new ChatExport(listing(), history()).of(user));
        accounts.onDeletion(new AccountDeletion(this.database, membership)::delete);
        this.history = new ConversationHistory(this.database, streams, members, directory, json);
    }

    /** Adds {@code /api/chat}, {@code /api/users}, {@code /api/groups}, {@code /api/invitations/*} and {@code /api/conversations/*}. */
    public void routes(Routes routes) {
        new ChatRoutes(this, accounts, streams).addTo(routes);
        new GroupLinkRoutes(this, accounts).addTo(routes);
    }

    /** Answers the chat's messages in {@code namespace}, into which {@link Accounts#sockets} lets people. */
    public void sockets(Namespace namespace) {
        new ChatSockets(this).addTo(namespace);
    }

    /** Charges for appends over the generic APIs, those of people without an account too. */
    public StreamCharges streamCharges() {
        return new StreamCharges(streams, quotas);
    }

    /** The streams that {@code who} is entitled to; for one subscription. */
    public Entitlements entitlements(Principal who) {
        return new ChatEntitlements(database, json, who.id());
    }

    /**
     * Whether {@code user} sees a message now to which the file with that id is attached: one that is kept and not deleted. Looked for in
     * the {@value #LOOKED_AT} conversations where it was attached last. Blocks.
     */
    public boolean mayRead(String user, String file) {
        return database.statement(connection -> attachments.shownTo(connection, user, file, LOOKED_AT)).stream()
                .anyMatch(messages::isKept);
    }

    /** Some files that were attached to messages which are not kept any more, at most {@code most}. Blocks. */
    public List<String> endedAttachments(int most) {
        return database.statement(connection -> attachments.ended(connection, most));
    }

    /**
     * Forgets messages, at most 1,000, that had a file and are not kept any more; true if no message is left that has it.
     *
     * @param connection with a transaction that has locked the file
     */
    public boolean forgetAttachments(Connection connection, String file) throws SQLException {
        return attachments.forget(connection, file);
    }

    /** The largest attachment there may be, in bytes; 0 if there are none. */
    long mostFileBytes() {
        return files.mostBytes();
    }

    /** {@code user} comes into a conversation to which they were invited. Without effect if they are in it. */
    void accept(String conversation, String user) {
        if (!invitations.accept(conversation, user)) {
            members.require(conversation, user);
        }
    }

    ConversationMembers members() {
        return members;
    }

    ConversationMembership membership() {
        return membership;
    }

    GroupLinks links() {
        return links;
    }

    ConversationCreation creation() {
        return creation;
    }

    Invitations invitations() {
        return invitations;
    }

    Messages messages() {
        return messages;
    }

    Reactions reactions() {
        return reactions;
    }

    Receipts receipts() {
        return receipts;
    }

    Typing typing() {
        return typing;
    }

    Directory directory() {
        return directory;
    }

    ConversationList listing() {
        return listing;
    }

    MessageSearch search() {
        return search;
    }

    ConversationHistory history() {
        return history;
    }
}
