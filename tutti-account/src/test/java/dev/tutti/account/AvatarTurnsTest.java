package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.limit.FairPermits.Caller;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.TestRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvatarTurnsTest {
    private final List<Caller> callers = new ArrayList<>();
    private final TestRoutes routes = AccountInstance.newRoutes();

    /** Otherwise somebody with many accounts would have all places to wait in. */
    @Test
    void aPictureIsDrawnInTheTurnOfItsAccountAndCountsForItsNetworkToo() {
        try (AccountInstance instance = new AccountInstance()) {
            instance.accounts().avatars(routes, (caller, sent, _) -> {
                callers.add(caller);
                return new Avatar("image/png", sent);
            });
            Person ann = instance.person();
            Person bob = instance.person();

            change(ann, "2001:db8::1");
            change(bob, "2001:db8::2");

            String network = NetworkAddress.holder("2001:db8::1");
            assertThat(callers)
                    .containsExactly(new Caller(ann.id(), true, network), new Caller(bob.id(), true, network));
        }
    }

    private void change(Person person, String address) {
        Map<String, String> headers = Map.of("authorization", "Bearer " + person.token());
        assertThat(routes.call("PUT", "/api/account/avatar", headers, address, "a picture")
                        .status())
                .isEqualTo(200);
    }
}
