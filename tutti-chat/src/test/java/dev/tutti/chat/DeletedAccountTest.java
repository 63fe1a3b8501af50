package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.testkit.fixture.Person;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The chat after the deletion of an account. */
class DeletedAccountTest extends AbstractChatTest {
    @Test
    void aDeletedAccountLeavesWhatOthersHaveOfItAndNothingElse() {
        String direct = Talk.invite(bob, ann);
        String group = Talk.group(ann, bob);
        ann.post(Talk.path(direct) + "/messages", Map.of("id", "1", "text", "hello from ann"));
        ann.post(Talk.path(group) + "/messages", Map.of("id", "1", "text", "ahoy"));
        String left = Talk.group(bob, ann);
        Talk.remove(bob, left, ann);
        assertThat(tablesThatKnow(ann)).contains("group_removal");

        assertThat(ann.post("/api/account/delete", Map.of("password", "password of " + ann.name()))
                        .status())
                .isEqualTo(204);

        JsonNode page = bob.get(Talk.path(direct) + "/messages").json();
        assertThat(page.get("messages").get(0).get("text").stringValue()).isEqualTo("hello from ann");
        assertThat(page.get("users").get(ann.id()).get("displayName").stringValue())
                .isEqualTo("Deleted account");
        assertThat(bob.get(Talk.path(group) + "/members").json().get("members"))
                .singleElement()
                .satisfies(
                        member -> assertThat(member.get("role").stringValue()).isEqualTo("owner"));
        assertThat(bob.get("/api/users?query=deleted").json().get("users")).isEmpty();
        assertThat(bob.post("/api/conversations", Map.of("kind", "group", "title", "x", "members", List.of(ann.id())))
                        .code())
                .isEqualTo("not_found");
        assertThat(tablesThatKnow(ann)).as("the direct conversation").containsExactly("member");
    }

    /** The tables that have a row of this person. */
    private static List<String> tablesThatKnow(Person person) {
        String tables = FeatureDatabase.value(FeatureDatabase.shared(), """
                select string_agg(table_name, ',' order by table_name) from information_schema.columns
                where table_schema = 'tutti' and column_name = 'user_id'
                """);
        return Stream.of(tables.split(","))
                .filter(table -> FeatureDatabase.value(
                                FeatureDatabase.shared(),
                                "select exists (select from tutti." + table + " where user_id = '" + person.id() + "')")
                        .equals("t"))
                .toList();
    }
}
