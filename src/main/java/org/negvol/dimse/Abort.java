package org.negvol.dimse;

/**
 * A-ABORT (PS3.8 9.3.8).
 *
 * @param source 0 service user, 2 service provider
 * @param reason with the service provider: 0 none given, 1 unrecognised PDU, 2 unexpected PDU, 4
 *     unrecognised PDU parameter, 5 unexpected PDU parameter, 6 invalid PDU parameter value
 */
record Abort(int source, int reason) implements Pdu {
    static final int SERVICE_USER = 0;
    static final int SERVICE_PROVIDER = 2;

    static final int NOT_SPECIFIED = 0;
    static final int UNRECOGNIZED_PDU = 1;
    static final int UNEXPECTED_PDU = 2;
    static final int INVALID_PARAMETER_VALUE = 6;

    static Abort byUser() {
        return new Abort(SERVICE_USER, NOT_SPECIFIED);
    }

    static Abort byProvider(int reason) {
        return new Abort(SERVICE_PROVIDER, reason);
    }

    String sentence() {
        String who = source == SERVICE_USER ? "service user" : "service provider";
        String why =
                switch (source == SERVICE_USER ? NOT_SPECIFIED : reason) {
                    case UNRECOGNIZED_PDU -> ", unrecognised PDU";
                    case UNEXPECTED_PDU -> ", unexpected PDU";
                    case 4 -> ", unrecognised PDU parameter";
                    case 5 -> ", unexpected PDU parameter";
                    case INVALID_PARAMETER_VALUE -> ", invalid PDU parameter value";
                    default -> "";
                };
        return "aborted by the " + who + why;
    }
}
