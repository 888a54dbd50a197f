package org.negvol.dimse;

/**
 * The acceptor's answer to a {@link PresentationContext} (PS3.8 9.3.3.2).
 *
 * @param id that of the proposal
 * @param result what was decided
 * @param transferSyntax the chosen transfer syntax; without meaning unless accepted
 */
public record PresentationContextResult(int id, Result result, String transferSyntax) {

    /** Result/reason of PS3.8 table 9-18. */
    public enum Result {
        /** Accepted. */
        ACCEPTANCE(0),
        /** Refused by the service user. */
        USER_REJECTION(1),
        /** Refused by the service provider, no reason. */
        NO_REASON(2),
        /** Abstract syntax not supported. */
        ABSTRACT_SYNTAX_NOT_SUPPORTED(3),
        /** None of the transfer syntaxes supported. */
        TRANSFER_SYNTAXES_NOT_SUPPORTED(4);

        private final int code;

        Result(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        int code() {
            return code;
        }

        /** What the number means; an unknown one is a refusal without a reason. */
        static Result of(int code) {
            for (Result result : values()) {
                if (result.code == code) {
                    return result;
                }
            }
            return NO_REASON;
        }
    }

    /** Whether objects may travel in this context. */
    public boolean isAccepted() {
        return result == Result.ACCEPTANCE;
    }
}
