package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What a requestor asks for. Made by {@link #to} and the {@code with} and {@code propose} methods:
 *
 * <pre>{@code
 * AssociateOptions.to("pacs.example", 11112, "PACS", "NEGVOL")
 *         .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian, UID.ImplicitVRLittleEndian)
 *         .propose(UID.CTImageStorage, UID.JPEGLosslessSV1)
 * }</pre>
 *
 * @param host name or address of the peer
 * @param port its TCP port
 * @param callingAet this side's AE title
 * @param calledAet the peer's AE title
 * @param presentationContexts proposals, at most 128
 * @param roles SCP/SCU role selections
 * @param extended SOP class extended negotiations
 * @param identity user identity, null for none
 * @param maxPduLength longest P-DATA-TF value taken, bytes
 * @param maxSendPduLength longest P-DATA-TF value sent even if the peer takes longer ones, bytes
 * @param timeouts how long to wait
 * @param services what this side performs for the peer on the association: storage for C-GET, event
 *     reports
 * @param listener hears what becomes of the association
 * @param tls null for plain TCP
 */
public record AssociateOptions(
        String host,
        int port,
        String callingAet,
        String calledAet,
        List<PresentationContext> presentationContexts,
        List<RoleSelection> roles,
        List<ExtendedNegotiation> extended,
        @Nullable UserIdentity identity,
        int maxPduLength,
        int maxSendPduLength,
        DimseTimeouts timeouts,
        List<DimseService> services,
        AssociationListener listener,
        @Nullable TlsOptions tls) {

    /** PS3.8 9.3.2.2: ids are the odd numbers of one byte. */
    public static final int MAX_PRESENTATION_CONTEXTS = 128;

    /** P-DATA-TF length sent unless set otherwise, bytes. */
    public static final int DEFAULT_MAX_SEND_PDU_LENGTH = 128 * 1024;

    public AssociateOptions {
        AeTitles.requireValid(callingAet);
        AeTitles.requireValid(calledAet);
        presentationContexts = List.copyOf(presentationContexts);
        roles = List.copyOf(roles);
        extended = List.copyOf(extended);
        services = List.copyOf(services);
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("Port " + port);
        }
        DimseServerOptions.requirePduLength(maxPduLength);
        DimseServerOptions.requirePduLength(maxSendPduLength);
        if (presentationContexts.size() > MAX_PRESENTATION_CONTEXTS) {
            throw new IllegalArgumentException(
                    "%d presentation contexts, %d are possible"
                            .formatted(presentationContexts.size(), MAX_PRESENTATION_CONTEXTS));
        }
    }

    /** Defaults, and nothing proposed yet. */
    public static AssociateOptions to(String host, int port, String calledAet, String callingAet) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                List.of(),
                List.of(),
                List.of(),
                null,
                DimseServerOptions.DEFAULT_MAX_PDU_LENGTH,
                DEFAULT_MAX_SEND_PDU_LENGTH,
                DimseTimeouts.DEFAULT,
                List.of(),
                AssociationListener.NONE,
                null);
    }

    /**
     * One more presentation context, in which the peer chooses one of the transfer syntaxes. Where
     * it must take a certain one, propose that in a context of its own.
     */
    public AssociateOptions propose(String abstractSyntax, List<String> transferSyntaxes) {
        if (transferSyntaxes.isEmpty()) {
            throw new IllegalArgumentException("No transfer syntax for " + abstractSyntax);
        }
        List<PresentationContext> more = new ArrayList<>(presentationContexts);
        if (more.size() == MAX_PRESENTATION_CONTEXTS) {
            throw new IllegalArgumentException(
                    "More than %d presentation contexts".formatted(MAX_PRESENTATION_CONTEXTS));
        }
        more.add(new PresentationContext(2 * more.size() + 1, abstractSyntax, transferSyntaxes));
        return withPresentationContexts(more);
    }

    /** {@link #propose(String, List)} with the transfer syntaxes in a row. */
    public AssociateOptions propose(String abstractSyntax, String... transferSyntaxes) {
        return propose(abstractSyntax, List.of(transferSyntaxes));
    }

    private AssociateOptions withPresentationContexts(List<PresentationContext> value) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                value,
                roles,
                extended,
                identity,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                services,
                listener,
                tls);
    }

    /** The same with one more role selection. */
    public AssociateOptions withRole(String sopClassUid, boolean scu, boolean scp) {
        List<RoleSelection> more = new ArrayList<>(roles);
        more.add(new RoleSelection(sopClassUid, scu, scp));
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                more,
                extended,
                identity,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                services,
                listener,
                tls);
    }

    /** The same with one more extended negotiation. */
    public AssociateOptions withExtended(String sopClassUid, byte... information) {
        List<ExtendedNegotiation> more = new ArrayList<>(extended);
        more.add(new ExtendedNegotiation(sopClassUid, Octets.of(information)));
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                more,
                identity,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                services,
                listener,
                tls);
    }

    /** The same with a user identity. */
    public AssociateOptions withIdentity(@Nullable UserIdentity value) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                extended,
                value,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                services,
                listener,
                tls);
    }

    /** The same with other PDU lengths, bytes. */
    public AssociateOptions withPduLengths(int receive, int send) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                extended,
                identity,
                receive,
                send,
                timeouts,
                services,
                listener,
                tls);
    }

    /** The same with other time-outs. */
    public AssociateOptions withTimeouts(DimseTimeouts value) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                extended,
                identity,
                maxPduLength,
                maxSendPduLength,
                value,
                services,
                listener,
                tls);
    }

    /** The same performing services for the peer. */
    public AssociateOptions withServices(DimseService... value) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                extended,
                identity,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                List.of(value),
                listener,
                tls);
    }

    /** The same with a listener. */
    public AssociateOptions withListener(AssociationListener value) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                extended,
                identity,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                services,
                value,
                tls);
    }

    /** The same over TLS. */
    public AssociateOptions withTls(@Nullable TlsOptions value) {
        return new AssociateOptions(
                host,
                port,
                callingAet,
                calledAet,
                presentationContexts,
                roles,
                extended,
                identity,
                maxPduLength,
                maxSendPduLength,
                timeouts,
                services,
                listener,
                value);
    }

    AssociateRequest request(String implementationClassUid, String implementationVersionName) {
        return new AssociateRequest(
                1,
                calledAet,
                callingAet,
                AssociateRequest.DICOM_APPLICATION_CONTEXT,
                presentationContexts,
                new UserInformation(
                        maxPduLength,
                        implementationClassUid,
                        implementationVersionName,
                        null,
                        roles,
                        extended,
                        List.of(),
                        identity,
                        null));
    }
}
