package org.negvol.dimse;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user information item of an association request or acceptance (PS3.7 annex D.3.3, PS3.8 annex
 * D).
 *
 * @param maxPduLength longest P-DATA-TF value field that the sender of the item takes, bytes; 0 is
 *     no limit
 * @param implementationClassUid which implementation it is, empty if it does not say
 * @param implementationVersionName its version
 * @param asynchronousOperations the window asked for or granted, null where it is not spoken of
 * @param roles role selections
 * @param extended SOP class extended negotiations
 * @param commonExtended SOP class common extended negotiations (requests only)
 * @param identity user identity (requests only)
 * @param identityResponse the server response to a user identity (acceptances only)
 */
public record UserInformation(
        long maxPduLength,
        String implementationClassUid,
        @Nullable String implementationVersionName,
        @Nullable AsynchronousOperations asynchronousOperations,
        List<RoleSelection> roles,
        List<ExtendedNegotiation> extended,
        List<CommonExtendedNegotiation> commonExtended,
        @Nullable UserIdentity identity,
        @Nullable Octets identityResponse) {

    /** What a peer is taken to accept that does not say: the usual default of the field, bytes. */
    public static final long DEFAULT_MAX_PDU_LENGTH = 16384;

    public UserInformation {
        roles = List.copyOf(roles);
        extended = List.copyOf(extended);
        commonExtended = List.copyOf(commonExtended);
    }

    /** The role selection for a SOP class. */
    public Optional<RoleSelection> role(String sopClassUid) {
        return roles.stream().filter(r -> r.sopClassUid().equals(sopClassUid)).findFirst();
    }

    /** The extended negotiation for a SOP class. */
    public Optional<ExtendedNegotiation> extended(String sopClassUid) {
        return extended.stream().filter(e -> e.sopClassUid().equals(sopClassUid)).findFirst();
    }
}
