package org.negvol.workflow;

/** Where the delivery of one object to one destination stands. */
public enum DeliveryState {
    /** To be sent, for the first time or again. */
    PENDING,
    /** Being sent; after a crash it is sent again, with the same UIDs. */
    SENDING,
    /**
     * The destination answered success and offers storage commitment; whether it keeps the object
     * it has not said yet.
     */
    SENT,
    /** The destination has committed to it, or took it and offers no commitment; final. */
    DELIVERED,
    /** Given up; the sentence says why. */
    FAILED,
    /** Kept for the case that the destination refuses what it would take the place of. */
    STANDBY,
    /**
     * The destination takes no object of its kind, and got another one instead; the sentence says
     * which.
     */
    REFUSED,
    /** Its result was replaced before it was sent; final. */
    SUPERSEDED
}
