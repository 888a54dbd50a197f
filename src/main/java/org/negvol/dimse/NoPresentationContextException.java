package org.negvol.dimse;

/** The peer did not accept that SOP class in that transfer syntax; the association goes on. */
public final class NoPresentationContextException extends AssociationException {
    private static final long serialVersionUID = 1;

    NoPresentationContextException(String message) {
        super(message);
    }
}
