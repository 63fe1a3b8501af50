package dev.tutti.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.socket.Answers;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.SocketIoServer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that translates Socket.IO's words, beside the API that it is about. */
class DictionaryTest {
    private static final Set<String> OF_EVERY_RECORD = Set.of("equals", "hashCode", "toString");

    private static Stream<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                .filter(name -> !OF_EVERY_RECORD.contains(name))
                .map(name -> type.getSimpleName() + "." + name)
                .distinct();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "dictionary.md"));
    }

    @Test
    void theDictionaryHasEachMethodOfTheSocketApi() throws IOException {
        String page = page();
        assertThat(Stream.of(
                                Answers.class,
                                Emitter.class,
                                Handshake.class,
                                Message.class,
                                Namespace.class,
                                RemoteSocket.class,
                                Socket.class,
                                SocketIoServer.class)
                        .flatMap(DictionaryTest::methods))
                .hasSizeGreaterThan(50)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void theDictionaryHasEachReasonOfADisconnect() throws IOException {
        String reasons = page().split("## Reasons of a disconnect", -1)[1].split("\n## ", -1)[0];
        assertThat(Stream.of(DisconnectReason.values()).map(DisconnectReason::name))
                .allSatisfy(name -> assertThat(reasons).contains("`" + name + "`"));
    }
}
