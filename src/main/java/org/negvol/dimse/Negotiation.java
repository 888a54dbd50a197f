package org.negvol.dimse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.UID;

/** What did the two sides agree on? */
final class Negotiation {

    /**
     * An accepted presentation context.
     *
     * @param requestorIsScp whether the requestor may take the role of SCP, by role selection
     */
    record Context(int id, String abstractSyntax, String transferSyntax, boolean requestorIsScp) {}

    /** A PDV header and a few bytes: less is a mistake or an attack, bytes. */
    private static final int LEAST_PDU_LENGTH = 32;

    private final Map<Integer, Context> contexts;
    private final int sendPduLength;
    private final int window;

    private Negotiation(Map<Integer, Context> contexts, int sendPduLength, int window) {
        this.contexts = contexts;
        this.sendPduLength = sendPduLength;
        this.window = window;
    }

    /**
     * Reads an agreement.
     *
     * @param proposals of the request
     * @param accept the answer to it
     * @param peerMaxPduLength what the other side takes, 0 for no limit
     * @param maxSendPduLength what this side sends at most
     */
    static Negotiation of(
            List<PresentationContext> proposals,
            AssociateAccept accept,
            long peerMaxPduLength,
            int maxSendPduLength) {
        Map<Integer, PresentationContext> proposed = new HashMap<>();
        proposals.forEach(p -> proposed.put(p.id(), p));
        Map<Integer, Context> contexts = new HashMap<>();
        for (PresentationContextResult result : accept.presentationContexts()) {
            PresentationContext proposal = proposed.get(result.id());
            if (proposal != null
                    && result.isAccepted()
                    && proposal.transferSyntaxes().contains(result.transferSyntax())) {
                contexts.put(
                        result.id(),
                        new Context(
                                result.id(),
                                proposal.abstractSyntax(),
                                result.transferSyntax(),
                                accept.user()
                                        .role(proposal.abstractSyntax())
                                        .map(RoleSelection::scp)
                                        .orElse(false)));
            }
        }
        return new Negotiation(
                contexts,
                (int)
                        (peerMaxPduLength == 0
                                ? maxSendPduLength
                                : Math.min(peerMaxPduLength, maxSendPduLength)),
                window(accept.user().asynchronousOperations()));
    }

    private static int window(@Nullable AsynchronousOperations granted) {
        if (granted == null) {
            return 1;
        }
        return granted.invoked() == 0 ? AsynchronousOperations.MOST_INVOKED : granted.invoked();
    }

    /** Whether a message fits into PDUs that are no longer; 0 is no limit. */
    static boolean isUsable(long maxPduLength) {
        return maxPduLength == 0 || maxPduLength >= LEAST_PDU_LENGTH;
    }

    @Nullable Context context(int id) {
        return contexts.get(id);
    }

    /** A context for objects of the SOP class in the transfer syntax. */
    Optional<Context> find(String abstractSyntax, String transferSyntax) {
        return contexts.values().stream()
                .filter(
                        c ->
                                c.abstractSyntax().equals(abstractSyntax)
                                        && c.transferSyntax().equals(transferSyntax))
                .findFirst();
    }

    /** All contexts of the abstract syntax, in the order they were proposed. */
    List<Context> find(String abstractSyntax) {
        return contexts.values().stream()
                .filter(c -> c.abstractSyntax().equals(abstractSyntax))
                .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                .toList();
    }

    /** How many operations the requestor may have outstanding. */
    int window() {
        return window;
    }

    /** Longest P-DATA-TF value to send, bytes. */
    int sendPduLength() {
        return sendPduLength;
    }

    /**
     * C-GET sends objects to the requestor; commitment reports come over associations of the SCP.
     */
    private static boolean mayBeScp(String sopClassUid) {
        return PresentationPolicy.isStorage(sopClassUid)
                || sopClassUid.equals(UID.StorageCommitmentPushModel);
    }

    /** The answer to a request that is let in. */
    static AssociateAccept answer(
            AssociateRequest rq,
            PresentationPolicy policy,
            int maxPduLength,
            @Nullable Octets userIdentityResponse) {
        List<PresentationContextResult> results = new ArrayList<>();
        Map<String, Boolean> accepted = new HashMap<>();
        for (PresentationContext proposal : rq.presentationContexts()) {
            PresentationContextResult result = policy.answer(proposal, rq.user());
            results.add(result);
            accepted.merge(proposal.abstractSyntax(), result.isAccepted(), Boolean::logicalOr);
        }
        UserInformation asked = rq.user();
        List<RoleSelection> roles = new ArrayList<>();
        for (RoleSelection role : asked.roles()) {
            if (accepted.getOrDefault(role.sopClassUid(), false)) {
                roles.add(
                        new RoleSelection(
                                role.sopClassUid(),
                                role.scu(),
                                role.scp() && mayBeScp(role.sopClassUid())));
            }
        }
        List<ExtendedNegotiation> extended = new ArrayList<>();
        for (ExtendedNegotiation negotiation : asked.extended()) {
            if (accepted.getOrDefault(negotiation.sopClassUid(), false)) {
                policy.answer(negotiation).ifPresent(extended::add);
            }
        }
        UserIdentity identity = asked.identity();
        AsynchronousOperations window = asked.asynchronousOperations();
        return new AssociateAccept(
                1,
                rq.calledAet(),
                rq.callingAet(),
                AssociateRequest.DICOM_APPLICATION_CONTEXT,
                results,
                new UserInformation(
                        maxPduLength,
                        FileMeta.IMPLEMENTATION_CLASS_UID,
                        FileMeta.IMPLEMENTATION_VERSION_NAME,
                        window == null ? null : window.granted(),
                        roles,
                        extended,
                        List.of(),
                        null,
                        identity != null && identity.positiveResponseRequested()
                                ? userIdentityResponse
                                : null));
    }
}
