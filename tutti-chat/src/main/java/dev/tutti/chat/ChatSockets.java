package dev.tutti.chat;

import dev.tutti.socket.Emitter;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Appended;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chat over Socket.IO. A refusal is thrown, and so becomes the acknowledgement. */
final class ChatSockets {
    private static final Map<String, Object> OK = Map.of("ok", true);

    private final Chat chat;

    ChatSockets(Chat chat) {
        this.chat = chat;
    }

    void addTo(Namespace namespace) {
        namespace.onConnection(this::connected);
    }

    private record Follow(@Nullable String token) {}

    private record Draft(
            @Nullable String conversation,
            @Nullable String id,
            @Nullable String text,
            @Nullable List<@Nullable String> attachments,
            @Nullable Long replyTo) {}

    private record Edit(
            @Nullable String conversation,
            @Nullable Long seq,
            @Nullable String text) {}

    private record Place(
            @Nullable String conversation, @Nullable Long seq) {}

    private record Answered(
            @Nullable String conversation,
            @Nullable Long seq,
            @Nullable String emoji) {}

    private record ConversationRequest(@Nullable String conversation) {}

    private void connected(Socket socket) {
        socket.join(room(socket.principal().id()));
        socket.on("follow", message -> follow(socket, message))
                .on("message:send", message -> send(socket, message))
                .on("message:edit", message -> edit(socket, message))
                .on("message:delete", message -> delete(socket, message))
                .on("reaction:add", message -> react(socket, message, true))
                .on("reaction:remove", message -> react(socket, message, false))
                .on("conversation:read", message -> read(socket, message))
                .on("invitation:accept", message -> accept(socket, message))
                .on("invitation:decline", message -> decline(socket, message))
                .on("typing", message -> typing(socket, message));
    }

    private void follow(Socket socket, Message message) {
        String token = message.as(0, Follow.class).token();
        socket.follow(chat.entitlements(socket.principal()), token);
        message.reply(OK);
    }

    private void send(Socket socket, Message message) {
        Draft draft = message.as(0, Draft.class);
        String id = Fields.messageId(draft.id());
        List<String> files = Fields.files(draft.attachments());
        Appended sent = chat.messages()
                .send(
                        Fields.conversation(draft.conversation()),
                        me(socket),
                        id,
                        Fields.text(draft.text(), files),
                        files,
                        Fields.replyTo(draft.replyTo()));
        Map<String, Object> answer = new LinkedHashMap<>(OK);
        answer.put("seq", sent.seq());
        answer.put("at", sent.at());
        answer.put("id", id);
        answer.put("repeated", sent.repeated());
        message.reply(answer);
    }

    private void edit(Socket socket, Message message) {
        Edit edit = message.as(0, Edit.class);
        long seq = chat.messages()
                .edit(
                        Fields.conversation(edit.conversation()),
                        me(socket),
                        Fields.seq(edit.seq()),
                        Fields.text(edit.text()));
        message.reply(Map.of("ok", true, "seq", seq));
    }

    private void delete(Socket socket, Message message) {
        Place place = message.as(0, Place.class);
        long seq =
                chat.messages().delete(Fields.conversation(place.conversation()), me(socket), Fields.seq(place.seq()));
        message.reply(Map.of("ok", true, "seq", seq));
    }

    private void react(Socket socket, Message message, boolean add) {
        Answered answered = message.as(0, Answered.class);
        String conversation = Fields.conversation(answered.conversation());
        long seq = Fields.seq(answered.seq());
        String emoji = Emoji.require(answered.emoji());
        List<Reaction> reactions = add
                ? chat.reactions().add(conversation, me(socket), seq, emoji)
                : chat.reactions().remove(conversation, me(socket), seq, emoji);
        message.reply(Map.of("ok", true, "reactions", reactions));
    }

    private void read(Socket socket, Message message) {
        Place place = message.as(0, Place.class);
        chat.receipts().read(Fields.conversation(place.conversation()), me(socket), Fields.seq(place.seq()));
        message.reply(OK);
    }

    private void accept(Socket socket, Message message) {
        chat.accept(Fields.conversation(message.as(0, ConversationRequest.class).conversation()), me(socket));
        message.reply(OK);
    }

    private void decline(Socket socket, Message message) {
        chat.invitations()
                .decline(
                        Fields.conversation(
                                message.as(0, ConversationRequest.class).conversation()),
                        me(socket));
        message.reply(OK);
    }

    /** Told to the other members' sockets, at most once, and not in a crowd. */
    private void typing(Socket socket, Message message) {
        String conversation =
                Fields.conversation(message.as(0, ConversationRequest.class).conversation());
        String me = me(socket);
        boolean closed = chat.members().require(conversation, me).closed();
        if (!closed && chat.typing().due(conversation, me)) {
            List<String> others = chat.members().memberIds(conversation).stream()
                    .filter(member -> !member.equals(me))
                    .toList();
            if (!others.isEmpty()) {
                Emitter rooms = socket.to(room(others.getFirst()));
                for (String other : others.subList(1, others.size())) {
                    rooms = rooms.to(room(other));
                }
                rooms.ephemeral().emit("typing", Map.of("conversation", conversation, "user", me));
            }
        }
        message.reply(OK);
    }

    private static String me(Socket socket) {
        return socket.principal().id();
    }

    private static String room(String user) {
        return "user:" + user;
    }
}
