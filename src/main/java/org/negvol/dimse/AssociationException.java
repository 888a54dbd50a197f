package org.negvol.dimse;

import java.io.IOException;

/** An association that could not be used. */
public sealed class AssociationException extends IOException
        permits AssociationRejectedException,
                AssociationEndedException,
                NoPresentationContextException {
    private static final long serialVersionUID = 1;

    AssociationException(String message) {
        super(message);
    }

    AssociationException(String message, Throwable cause) {
        super(message, cause);
    }
}
