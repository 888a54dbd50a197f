package org.negvol.dimse;

/**
 * A-ASSOCIATE-RJ (PS3.8 9.3.4).
 *
 * @param result 1 rejected for good, 2 rejected for now
 * @param source 1 service user, 2 service provider (ACSE), 3 service provider (presentation)
 * @param reason a number whose meaning depends on the source (table 9-21)
 */
public record AssociateReject(int result, int source, int reason) implements Pdu {

    /** Result: try again and it will be the same. */
    public static final int PERMANENT = 1;

    /** Result: it may work later. */
    public static final int TRANSIENT = 2;

    /** Source: DICOM UL service user. */
    public static final int SERVICE_USER = 1;

    /** Source: DICOM UL service provider, ACSE related function. */
    public static final int PROVIDER_ACSE = 2;

    /** Source: DICOM UL service provider, presentation related function. */
    public static final int PROVIDER_PRESENTATION = 3;

    /** The request comes from an AE that may not call here. */
    public static final AssociateReject CALLING_AET_NOT_RECOGNIZED =
            new AssociateReject(PERMANENT, SERVICE_USER, 3);

    /** There is no AE of that name here. */
    public static final AssociateReject CALLED_AET_NOT_RECOGNIZED =
            new AssociateReject(PERMANENT, SERVICE_USER, 7);

    /** The application context is not DICOM's. */
    public static final AssociateReject APPLICATION_CONTEXT_NOT_SUPPORTED =
            new AssociateReject(PERMANENT, SERVICE_USER, 2);

    /** Refused, no reason given: what a failed user identity gets, so that nothing is learnt. */
    public static final AssociateReject NO_REASON_GIVEN =
            new AssociateReject(PERMANENT, SERVICE_USER, 1);

    /** Not version 1 of the protocol. */
    public static final AssociateReject PROTOCOL_VERSION_NOT_SUPPORTED =
            new AssociateReject(PERMANENT, PROVIDER_ACSE, 2);

    /** The service provider cannot work with the request, no reason given. */
    public static final AssociateReject PROVIDER_NO_REASON_GIVEN =
            new AssociateReject(PERMANENT, PROVIDER_ACSE, 1);

    /** Overloaded or about to stop. */
    public static final AssociateReject TEMPORARY_CONGESTION =
            new AssociateReject(TRANSIENT, PROVIDER_PRESENTATION, 1);

    /** As many associations as allowed are open. */
    public static final AssociateReject LOCAL_LIMIT_EXCEEDED =
            new AssociateReject(TRANSIENT, PROVIDER_PRESENTATION, 2);

    /** Whether a later try may be accepted. */
    public boolean isTransient() {
        return result == TRANSIENT;
    }

    /** The rejection in words. */
    public String sentence() {
        String why =
                switch (source * 10 + reason) {
                    case 12 -> "application context not supported";
                    case 13 -> "calling AE title not recognized";
                    case 17 -> "called AE title not recognized";
                    case 22 -> "protocol version not supported";
                    case 31 -> "temporary congestion";
                    case 32 -> "local limit exceeded";
                    default -> "no reason given";
                };
        return "Association rejected %s: %s (result %d, source %d, reason %d)"
                .formatted(isTransient() ? "for now" : "for good", why, result, source, reason);
    }
}
