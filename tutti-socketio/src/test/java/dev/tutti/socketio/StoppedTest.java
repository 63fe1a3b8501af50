package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Message;
import dev.tutti.socket.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An application may still hold sockets and messages when the edge has stopped, and has not noticed. */
class StoppedTest {
    private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    @Test
    void whatIsStillSentGoesNowhereAndWhoWaitsForAnAnswerIsTold() throws Exception {
        RunningServer server = new RunningServer(io -> io.namespace("/").onConnection(socket -> {
            sockets.add(socket);
            socket.on("ask", messages::add);
        }));
        server.connected("websocket").emit("ask");
        Socket socket = sockets.take();
        Message message = messages.take();
        server.close();

        message.reply("late");
        socket.emit("late");
        socket.disconnect();
        CompletableFuture<?> answer = socket.emitWithAck(Duration.ofMinutes(1), "late");

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(ErrorCode.GOING_AWAY));
    }
}
