package broken.socketio;

import broken.chat.ChatThatKnowsTheEdge;
import java.util.List;

/** Breaks: Socket.IO does not know the server. */
public record SocketIoThatKnowsTheServer(List<ChatThatKnowsTheEdge> wrong) {}
