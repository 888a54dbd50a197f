package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

/** What {@link AccessControl} decides on an association request. */
public sealed interface Admission {

    /**
     * Come in.
     *
     * @param userIdentityResponse the server response for a user identity that was checked and
     *     believed (empty for names and passcodes, PS3.7 D.3.3.7.2); null where none was checked,
     *     and then a requestor that asked for a positive response gets none
     * @param ended run once when the association has ended, or has not come to be after all
     */
    record Accept(@Nullable Octets userIdentityResponse, Runnable ended) implements Admission {}

    /** Stay out; {@link AssociateReject} has the usual ones. */
    record Reject(AssociateReject answer) implements Admission {
        /** By the numbers of PS3.8 table 9-21. */
        public Reject(int result, int source, int reason) {
            this(new AssociateReject(result, source, reason));
        }
    }

    /** Come in, no user identity checked. */
    static Admission accept() {
        return new Accept(null, () -> {});
    }

    /** Stay out. */
    static Admission reject(AssociateReject answer) {
        return new Reject(answer);
    }
}
