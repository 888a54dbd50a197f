package org.negvol.dimse;

/**
 * The association is over, though more was to be done on it: aborted by either side, connection
 * lost, or an answer did not come in time (it is aborted then).
 */
public final class AssociationEndedException extends AssociationException {
    private static final long serialVersionUID = 1;

    AssociationEndedException(String message) {
        super(message);
    }

    AssociationEndedException(String message, Throwable cause) {
        super(message, cause);
    }
}
