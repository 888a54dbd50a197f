package org.negvol.dimse;

import java.nio.charset.StandardCharsets;

/**
 * Who the requestor says it is (PS3.7 D.3.3.7).
 *
 * @param type 1 user name, 2 user name and passcode, 3 Kerberos service ticket, 4 SAML assertion, 5
 *     JSON web token; other values are passed on as received
 * @param positiveResponseRequested whether the requestor wants to hear that it was believed
 * @param primary the name, ticket, assertion or token
 * @param secondary the passcode with type 2, else empty
 */
public record UserIdentity(
        int type, boolean positiveResponseRequested, Octets primary, Octets secondary) {

    /** User name alone. */
    public static final int USERNAME = 1;

    /** User name and passcode. */
    public static final int USERNAME_PASSCODE = 2;

    /** A user name without a passcode. */
    public static UserIdentity username(String name) {
        return new UserIdentity(USERNAME, false, utf8(name), Octets.EMPTY);
    }

    /** A user name with a passcode; a positive response is asked for. */
    public static UserIdentity usernamePasscode(String name, String passcode) {
        return new UserIdentity(USERNAME_PASSCODE, true, utf8(name), utf8(passcode));
    }

    /** The user name of types 1 and 2 (UTF-8). */
    public String name() {
        return new String(primary.toBytes(), StandardCharsets.UTF_8);
    }

    private static Octets utf8(String text) {
        return Octets.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
