package org.negvol.dimse;

/** The peer answered with A-ASSOCIATE-RJ. */
public final class AssociationRejectedException extends AssociationException {
    private static final long serialVersionUID = 1;

    private final transient AssociateReject reject;

    AssociationRejectedException(AssociateReject reject) {
        super(reject.sentence());
        this.reject = reject;
    }

    /** What the peer said. */
    public AssociateReject reject() {
        return reject;
    }
}
