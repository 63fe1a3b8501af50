package dev.tutti.account;

import dev.tutti.account.Devices.Device;
import dev.tutti.account.LoginAttempts.Origin;
import dev.tutti.core.input.Input;
import dev.tutti.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of requests of somebody who logs in: name, password, browser. Read the same by all routes of accounts. */
final class LoginFields {
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{3,32}");

    private LoginFields() {}

    /** The name, in lower case. */
    static String name(@Nullable String name) {
        return Input.form(
                "name",
                name == null ? null : name.toLowerCase(Locale.ROOT),
                NAME,
                "3 to 32 characters of letters, digits and . _ -");
    }

    /** Whether {@code name}, in lower case, can be one. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The password that {@code field} of the body is. */
    static String password(String field, @Nullable String password) {
        return Input.text(field, password, 8, 256);
    }

    /** Where a try comes from. */
    static Origin origin(Request request, Devices devices) {
        return Origin.of(request.handshake().address(), device(request, devices));
    }

    /** The browser that has logged in before, if its cookie says so. */
    static Optional<Device> device(Request request, Devices devices) {
        return Cookies.read(request, Cookies.DEVICE).flatMap(devices::read);
    }
}
