package org.negvol.node;

import org.jboss.logging.MDC;
import org.negvol.dimse.AssociationInfo;

/** What every log line of an association's thread says of it, as fields of JSON logs. */
final class LogFields {

    private static final String ASSOCIATION = "association";
    private static final String CALLING_AET = "callingAet";

    private LogFields() {}

    static void enter(AssociationInfo association) {
        MDC.put(ASSOCIATION, association.id());
        MDC.put(CALLING_AET, association.callingAet());
    }

    static void leave() {
        MDC.remove(ASSOCIATION);
        MDC.remove(CALLING_AET);
    }
}
