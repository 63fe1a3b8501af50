package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what: every kind of person with every operation. */
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
class AccessTest {
    private final TestInstance instance = new TestInstance();
    private final Person owner = instance.person();
    private final Person member = instance.person();
    private final Person removed = instance.person();
    private final Person outsider = instance.person();
    private final Person other = instance.person();
    private final Person newcomer = instance.person();

    /** How somebody stands to the conversation at hand. */
    enum Who {
        OWNER,
        MEMBER,
        REMOVED,
        OUTSIDER,
        STRANGER
    }

    /** What is to happen to whom, and to whose message. */
    record Scene(
            Person owner,
            Person member,
            Person removed,
            Person outsider,
            Person stranger,
            Person other,
            Person newcomer,
            String conversation,
            long ownersMessage,
            long othersMessage) {
        Person as(Who who) {
            return switch (who) {
                case OWNER -> owner;
                case MEMBER -> member;
                case REMOVED -> removed;
                case OUTSIDER -> outsider;
                case STRANGER -> stranger;
            };
        }
    }

    interface Operation {
        RouteAnswer by(Person person, Scene scene);
    }

    /** An operation on a group, and the answers to owner, member, removed member, outsider and stranger. */
    private static Arguments row(String name, boolean open, Operation operation, String... answers) {
        return Arguments.of(name, open, operation, List.of(answers));
    }

    private static final String NONE = "not_found";
    private static final String WHO = "unauthenticated";
    private static final String NO = "forbidden";

    /** The answers to what members may do. */
    private static final String[] MEMBERS = {"ok", "ok", NONE, NONE, WHO};

    /** The answers to what the owner may do. */
    private static final String[] OWNER = {"ok", NO, NONE, NONE, WHO};

    /** The answers to what neither of them may do. */
    private static final String[] NOBODY = {NO, NO, NONE, NONE, WHO};

    static Stream<Arguments> operations() {
        return Stream.of(
                row("look", false, (p, s) -> p.get(at(s)), MEMBERS),
                row("look at an open one", true, (p, s) -> p.get(at(s)), MEMBERS),
                row("history", false, (p, s) -> p.get(at(s) + "/messages"), MEMBERS),
                row("history of an open one", true, (p, s) -> p.get(at(s) + "/messages"), MEMBERS),
                row("members", false, (p, s) -> p.get(at(s) + "/members"), MEMBERS),
                row("members of an open one", true, (p, s) -> p.get(at(s) + "/members"), MEMBERS),
                row("send", false, (p, s) -> Talk.trySay(p, s.conversation(), "x"), MEMBERS),
                row("send to an open one", true, (p, s) -> Talk.trySay(p, s.conversation(), "x"), MEMBERS),
                row(
                        "edit what another said",
                        false,
                        (p, s) -> p.patch(message(s, s.othersMessage()), Map.of("text", "x")),
                        NOBODY),
                row(
                        "edit what the owner said",
                        false,
                        (p, s) -> p.patch(message(s, s.ownersMessage()), Map.of("text", "x")),
                        OWNER),
                row("delete what another said", false, (p, s) -> p.delete(message(s, s.othersMessage())), OWNER),
                row("delete what the owner said", false, (p, s) -> p.delete(message(s, s.ownersMessage())), OWNER),
                row("read", false, (p, s) -> p.post(at(s) + "/read", Map.of("seq", s.othersMessage())), MEMBERS),
                row(
                        "add",
                        false,
                        (p, s) -> p.post(
                                at(s) + "/members", Map.of("user", s.newcomer().id())),
                        MEMBERS),
                row(
                        "add to an open one",
                        true,
                        (p, s) -> p.post(
                                at(s) + "/members", Map.of("user", s.newcomer().id())),
                        MEMBERS),
                row(
                        "add oneself",
                        false,
                        (p, s) -> p.post(at(s) + "/members", Map.of("user", p.id().isEmpty() ? "x" : p.id())),
                        MEMBERS),
                row(
                        "remove another",
                        false,
                        (p, s) -> p.delete(at(s) + "/members/" + s.other().id()),
                        OWNER),
                row(
                        "remove the owner",
                        false,
                        (p, s) -> p.delete(at(s) + "/members/" + s.owner().id()),
                        OWNER),
                row(
                        "leave",
                        false,
                        (p, s) -> p.delete(at(s) + "/members/" + (p.id().isEmpty() ? "x" : p.id())),
                        MEMBERS),
                row(
                        "remove who is not in it",
                        false,
                        (p, s) -> p.delete(at(s) + "/members/" + s.newcomer().id()),
                        NONE,
                        NO,
                        NONE,
                        NONE,
                        WHO),
                row("join", false, (p, s) -> p.post(at(s) + "/join", null), MEMBERS),
                row("join an open one", true, (p, s) -> p.post(at(s) + "/join", null), "ok", "ok", "ok", "ok", WHO),
                row("overview", false, (p, _) -> p.get("/api/chat"), "ok", "ok", "ok", "ok", WHO),
                row("find people", false, (p, _) -> p.get("/api/users?query=a"), "ok", "ok", "ok", "ok", WHO),
                row("find groups", false, (p, _) -> p.get("/api/groups"), "ok", "ok", "ok", "ok", WHO),
                row(
                        "make a conversation",
                        false,
                        (p, s) -> p.post(
                                "/api/conversations",
                                Map.of("kind", "direct", "user", s.newcomer().id())),
                        "ok",
                        "ok",
                        "ok",
                        "ok",
                        WHO));
    }

    @AfterAll
    void close() {
        instance.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void everybodyMayDoWhatTheyMayDo(String name, boolean open, Operation operation, List<String> answers) {
        List<String> given = Arrays.stream(Who.values())
                .map(who -> {
                    Scene scene = scene(open);
                    return operation.by(scene.as(who), scene).code();
                })
                .toList();

        assertThat(given).as(name).isEqualTo(answers);
    }

    private Scene scene(boolean open) {
        for (Person acquaintance : List.of(member, removed, other)) {
            Talk.direct(acquaintance, owner);
        }
        String conversation =
                open ? Talk.openGroup(owner, member, removed, other) : Talk.group(owner, member, removed, other);
        long owners = Talk.say(owner, conversation, "owner's");
        long others = Talk.say(other, conversation, "other's");
        Talk.say(removed, conversation, "removed's");
        Talk.remove(owner, conversation, removed);
        return new Scene(
                owner, member, removed, outsider, instance.stranger(), other, newcomer, conversation, owners, others);
    }

    private static String at(Scene scene) {
        return Talk.path(scene.conversation());
    }

    private static String message(Scene scene, long seq) {
        return at(scene) + "/messages/" + seq;
    }
}
