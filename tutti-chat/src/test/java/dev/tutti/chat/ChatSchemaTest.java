package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.account.AccountSchema;
import dev.tutti.chat.fixture.FeatureDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Tables that are made by accounts alone, by both, or by the release before, which kept all migrations in one place. */
class ChatSchemaTest {
    private final DataSource database =
            FeatureDatabase.empty("schema_" + UUID.randomUUID().toString().substring(0, 8));

    @Test
    void accountsAloneHaveTheirTablesAndTheChatAddsItsOwn() throws SQLException {
        new AccountSchema().migrate(database);
        assertThat(applied()).isEqualTo("1,5,6,7,16,39,45,50");
        assertUsable(false);

        new ChatSchema().migrate(database);
        assertThat(applied()).isEqualTo("1,5,6,7,16,39,45,50,2,3,4,9,10,11,12,13,14,15,33,34,40,43");
        assertUsable(true);
    }

    @Test
    void whatTheReleaseBeforeHasMadeIsLeftAsItIs() throws SQLException {
        new ChatSchema().migrate(database);
        FeatureDatabase.execute(
                database,
                "update tutti.feature_schema_history set script = regexp_replace(script, '^.*/', ''),"
                        + " installed_on = 'yesterday'");

        new ChatSchema().migrate(database);
        new AccountSchema().migrate(database);

        assertThat(applied()).isEqualTo("1,2,3,4,5,6,7,9,10,11,12,13,14,15,16,33,34,39,40,43,45,50");
        assertThat(FeatureDatabase.value(
                        database,
                        "select count(*)::text from tutti.feature_schema_history where installed_on > now() -"
                                + " interval '1 hour'"))
                .isEqualTo("0");
    }

    @Test
    void whatBelongsToAnAccountIsFoundByIndexesWhenItIsDeleted() {
        new ChatSchema().migrate(database);

        assertThat(FeatureDatabase.value(database, """
                        select string_agg(wanted.name || '.' || wanted.of_user, ', ')
                        from (values ('member', 'user_id'), ('last_seen', 'user_id'), ('usage', 'user_id'),
                                     ('group_removal', 'user_id'), ('invitation', 'founder'), ('invitation', 'invited'))
                            as wanted (name, of_user)
                        where not exists (
                            select from pg_index i
                            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                            where i.indrelid = ('tutti.' || wanted.name)::regclass and a.attname = wanted.of_user
                              and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', '(declined_at IS NULL)'))
                        """)).as("without an index").isNull();
    }

    private String applied() {
        return FeatureDatabase.value(
                database,
                "select string_agg(version, ',' order by installed_rank) from tutti.feature_schema_history"
                        + " where version > '0'");
    }

    private void assertUsable(boolean chat) throws SQLException {
        try (Connection connection = database.getConnection()) {
            assertThatNoException().isThrownBy(() -> new AccountSchema().requireUsable(connection));
            if (chat) {
                assertThatNoException().isThrownBy(() -> new ChatSchema().requireUsable(connection));
            } else {
                assertThatThrownBy(() -> new ChatSchema().requireUsable(connection))
                        .isInstanceOf(SQLException.class);
            }
        }
    }
}
