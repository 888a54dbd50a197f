package org.negvol.dimse;

/** What is done when an event meets a state (PS3.8 tables 9-6 to 9-9). */
enum UpperLayerAction {
    /** Open the transport connection. */
    AE1("AE-1", UpperLayerState.STA4),
    /** Send A-ASSOCIATE-RQ. */
    AE2("AE-2", UpperLayerState.STA5),
    /** Confirm the association to the local user. */
    AE3("AE-3", UpperLayerState.STA6),
    /** Tell the local user of the rejection and close the transport connection. */
    AE4("AE-4", UpperLayerState.STA1),
    /** Take the transport connection, start ARTIM. */
    AE5("AE-5", UpperLayerState.STA2),
    /**
     * Stop ARTIM and pass the request to the local user. (The other outcome of the table, a
     * rejection by the service provider, is EVT8 with the provider's source here.)
     */
    AE6("AE-6", UpperLayerState.STA3),
    /** Send A-ASSOCIATE-AC. */
    AE7("AE-7", UpperLayerState.STA6),
    /** Send A-ASSOCIATE-RJ, start ARTIM. */
    AE8("AE-8", UpperLayerState.STA13),
    /** Send P-DATA-TF. */
    DT1("DT-1", UpperLayerState.STA6),
    /** Pass P-DATA to the local user. */
    DT2("DT-2", UpperLayerState.STA6),
    /** Send A-RELEASE-RQ. */
    AR1("AR-1", UpperLayerState.STA7),
    /** Pass the release request to the local user. */
    AR2("AR-2", UpperLayerState.STA8),
    /** Confirm the release to the local user and close the transport connection. */
    AR3("AR-3", UpperLayerState.STA1),
    /** Send A-RELEASE-RP, start ARTIM. */
    AR4("AR-4", UpperLayerState.STA13),
    /** Stop ARTIM. */
    AR5("AR-5", UpperLayerState.STA1),
    /** Pass P-DATA to the local user, who has asked for release. */
    AR6("AR-6", UpperLayerState.STA7),
    /** Send P-DATA-TF after the peer has asked for release. */
    AR7("AR-7", UpperLayerState.STA8),
    /** Release collision: requestor goes to STA9, acceptor to STA10. */
    AR8("AR-8", UpperLayerState.STA9),
    /** Send A-RELEASE-RP (collision, requestor's side). */
    AR9("AR-9", UpperLayerState.STA11),
    /** Confirm the release (collision, acceptor's side). */
    AR10("AR-10", UpperLayerState.STA12),
    /** Send A-ABORT (service-user source), start or restart ARTIM. */
    AA1("AA-1", UpperLayerState.STA13),
    /** Stop ARTIM, close the transport connection. */
    AA2("AA-2", UpperLayerState.STA1),
    /** Tell the local user of the peer's abort and close the transport connection. */
    AA3("AA-3", UpperLayerState.STA1),
    /** Tell the local user that the transport connection is gone. */
    AA4("AA-4", UpperLayerState.STA1),
    /** Stop ARTIM. */
    AA5("AA-5", UpperLayerState.STA1),
    /** Ignore the PDU. */
    AA6("AA-6", UpperLayerState.STA13),
    /** Send A-ABORT. */
    AA7("AA-7", UpperLayerState.STA13),
    /** Send A-ABORT (service-provider source), tell the local user, start ARTIM. */
    AA8("AA-8", UpperLayerState.STA13);

    private final String number;
    private final UpperLayerState next;

    UpperLayerAction(String number, UpperLayerState next) {
        this.number = number;
        this.next = next;
    }

    /** The action's number as the standard writes it. */
    String number() {
        return number;
    }

    /**
     * The state after the action.
     *
     * @param requestor whether this side asked for the association (decides a release collision)
     */
    UpperLayerState next(boolean requestor) {
        return this == AR8 && !requestor ? UpperLayerState.STA10 : next;
    }
}
