package dev.tutti.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.flow.AdmissionSettings;
import org.junit.jupiter.api.Test;

class EdgeBoundsTest {
    private static final long MEBIBYTE = 1024 * 1024;

    private static EdgeSettings withBytes(long inbound, long outbound) {
        EdgeSettings settings = EdgeSettings.DEFAULT;
        return settings.withAdmission(settings.admission().withBytes(inbound, outbound));
    }

    @Test
    void whatIsSaidAtTheStartIsWhatThereIs() {
        long fourBodies = 4L * EdgeSettings.DEFAULT.sizes().message();

        EdgeBounds small = EdgeBounds.of(withBytes(1024, 8 * MEBIBYTE));
        EdgeBounds large = EdgeBounds.of(withBytes(300 * MEBIBYTE, 800 * MEBIBYTE));

        assertThat(small.inboundBytes()).as("four of the largest have room").isEqualTo(fourBodies);
        assertThat(small.text()).contains("; " + fourBodies / MEBIBYTE + " MiB received and 8 MiB to be sent may wait");
        assertThat(large.inboundBytes()).isEqualTo(300 * MEBIBYTE);
        assertThat(large.text()).contains("; 300 MiB received and 800 MiB to be sent may wait");
    }

    @Test
    void socketsAndWhatElseIsNeededAreNoMoreThanTheOpenFiles() {
        long files = AdmissionSettings.openFiles();

        assertThat(AdmissionSettings.DEFAULT.sockets() + AdmissionSettings.FILES_FOR_OTHERS)
                .isLessThanOrEqualTo((int) Math.min(files, Integer.MAX_VALUE));
        assertThat(AdmissionSettings.socketsBeside(AdmissionSettings.FILES_FOR_OTHERS + 10))
                .isLessThanOrEqualTo(AdmissionSettings.DEFAULT.sockets());
        assertThat(AdmissionSettings.socketsBeside((int) Math.min(files, Integer.MAX_VALUE)))
                .as("however few are left")
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void connectionsAreNineTenthsOfTheSocketsAtMost() {
        EdgeSettings settings = EdgeSettings.DEFAULT;

        EdgeBounds bounds =
                EdgeBounds.of(settings.withAdmission(settings.admission().withSockets(100)));

        assertThat(bounds.sockets()).isEqualTo(100);
        assertThat(bounds.permits()).isEqualTo(90);
    }
}
