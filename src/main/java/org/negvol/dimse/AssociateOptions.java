package org.negvol.dimse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a requestor asks for; immutable. Made by {@link #to} and the {@code with} and {@code
 * propose} methods, which return a changed copy:
 *
 * <pre>{@code
 * AssociateOptions.to("pacs.example", 11112, "PACS", "NEGVOL")
 *         .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian, UID.ImplicitVRLittleEndian)
 *         .propose(UID.CTImageStorage, UID.JPEGLosslessSV1)
 * }</pre>
 */
public final class AssociateOptions {

    /** PS3.8 9.3.2.2: ids are the odd numbers of one byte. */
    public static final int MAX_PRESENTATION_CONTEXTS = 128;

    /** P-DATA-TF length sent unless set otherwise, bytes. */
    public static final int DEFAULT_MAX_SEND_PDU_LENGTH = 128 * 1024;

    private final String host;
    private final int port;
    private final String calledAet;
    private final String callingAet;
    private List<PresentationContext> presentationContexts = List.of();
    private List<RoleSelection> roles = List.of();
    private List<ExtendedNegotiation> extended = List.of();
    private @Nullable UserIdentity identity;
    private int window = 1;
    private int maxPduLength = DimseServerOptions.DEFAULT_MAX_PDU_LENGTH;
    private int maxSendPduLength = DEFAULT_MAX_SEND_PDU_LENGTH;
    private DimseTimeouts timeouts = DimseTimeouts.DEFAULT;
    private List<DimseService> services = List.of();
    private AssociationListener listener = AssociationListener.NONE;
    private @Nullable TlsOptions tls;

    private AssociateOptions(String host, int port, String calledAet, String callingAet) {
        AeTitles.requireValid(calledAet);
        AeTitles.requireValid(callingAet);
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("Port " + port);
        }
        this.host = host;
        this.port = port;
        this.calledAet = calledAet;
        this.callingAet = callingAet;
    }

    /**
     * Defaults, and nothing proposed yet.
     *
     * @param host name or address of the peer
     * @param port its TCP port
     * @param calledAet its AE title
     * @param callingAet this side's AE title
     */
    public static AssociateOptions to(String host, int port, String calledAet, String callingAet) {
        return new AssociateOptions(host, port, calledAet, callingAet);
    }

    private AssociateOptions with(Consumer<AssociateOptions> change) {
        AssociateOptions copy = new AssociateOptions(host, port, calledAet, callingAet);
        copy.presentationContexts = presentationContexts;
        copy.roles = roles;
        copy.extended = extended;
        copy.identity = identity;
        copy.window = window;
        copy.maxPduLength = maxPduLength;
        copy.maxSendPduLength = maxSendPduLength;
        copy.timeouts = timeouts;
        copy.services = services;
        copy.listener = listener;
        copy.tls = tls;
        change.accept(copy);
        return copy;
    }

    private static <T> List<T> append(List<T> list, T last) {
        List<T> more = new ArrayList<>(list);
        more.add(last);
        return List.copyOf(more);
    }

    /**
     * One more presentation context, in which the peer chooses one of the transfer syntaxes. Where
     * it must take a certain one, propose that in a context of its own.
     *
     * @throws IllegalArgumentException beyond {@value #MAX_PRESENTATION_CONTEXTS} contexts
     */
    public AssociateOptions propose(String abstractSyntax, List<String> transferSyntaxes) {
        if (transferSyntaxes.isEmpty()) {
            throw new IllegalArgumentException("No transfer syntax for " + abstractSyntax);
        }
        if (presentationContexts.size() == MAX_PRESENTATION_CONTEXTS) {
            throw new IllegalArgumentException(
                    "More than %d presentation contexts".formatted(MAX_PRESENTATION_CONTEXTS));
        }
        PresentationContext context =
                new PresentationContext(
                        2 * presentationContexts.size() + 1, abstractSyntax, transferSyntaxes);
        return with(o -> o.presentationContexts = append(presentationContexts, context));
    }

    /** {@link #propose(String, List)} with the transfer syntaxes in a row. */
    public AssociateOptions propose(String abstractSyntax, String... transferSyntaxes) {
        return propose(abstractSyntax, List.of(transferSyntaxes));
    }

    /** The same with one more role selection: which roles this side may take for the SOP class. */
    public AssociateOptions withRole(String sopClassUid, boolean scu, boolean scp) {
        return with(o -> o.roles = append(roles, new RoleSelection(sopClassUid, scu, scp)));
    }

    /** The same with one more extended negotiation. */
    public AssociateOptions withExtended(String sopClassUid, byte... information) {
        ExtendedNegotiation negotiation =
                new ExtendedNegotiation(sopClassUid, Octets.of(information));
        return with(o -> o.extended = append(extended, negotiation));
    }

    /** The same with a user identity. */
    public AssociateOptions withIdentity(@Nullable UserIdentity value) {
        return with(o -> o.identity = value);
    }

    /**
     * The same asking for so many operations at a time; {@link Association#window} says how many
     * are granted.
     */
    public AssociateOptions withWindow(int value) {
        if (value < 1 || value > 0xffff) {
            throw new IllegalArgumentException("A window of %d operations".formatted(value));
        }
        return with(o -> o.window = value);
    }

    /**
     * The same with other PDU lengths.
     *
     * @param receive longest P-DATA-TF value taken, bytes
     * @param send longest P-DATA-TF value sent even if the peer takes longer ones, bytes
     */
    public AssociateOptions withPduLengths(int receive, int send) {
        DimseServerOptions.requirePduLength(receive);
        DimseServerOptions.requirePduLength(send);
        return with(
                o -> {
                    o.maxPduLength = receive;
                    o.maxSendPduLength = send;
                });
    }

    /** The same with other time-outs. */
    public AssociateOptions withTimeouts(DimseTimeouts value) {
        return with(o -> o.timeouts = value);
    }

    /**
     * The same performing services for the peer on the association: storage for C-GET, event
     * reports.
     */
    public AssociateOptions withServices(DimseService... value) {
        return with(o -> o.services = List.of(value));
    }

    /** The same with a listener, which hears what becomes of the association. */
    public AssociateOptions withListener(AssociationListener value) {
        return with(o -> o.listener = value);
    }

    /** The same over TLS; null for plain TCP. */
    public AssociateOptions withTls(@Nullable TlsOptions value) {
        return with(o -> o.tls = value);
    }

    /** Name or address of the peer. */
    public String host() {
        return host;
    }

    /** TCP port of the peer. */
    public int port() {
        return port;
    }

    /** The peer's AE title. */
    public String calledAet() {
        return calledAet;
    }

    /** This side's AE title. */
    public String callingAet() {
        return callingAet;
    }

    /** The proposals. */
    public List<PresentationContext> presentationContexts() {
        return presentationContexts;
    }

    int maxPduLength() {
        return maxPduLength;
    }

    int maxSendPduLength() {
        return maxSendPduLength;
    }

    DimseTimeouts timeouts() {
        return timeouts;
    }

    List<DimseService> services() {
        return services;
    }

    AssociationListener listener() {
        return listener;
    }

    @Nullable TlsOptions tls() {
        return tls;
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
                        window == 1 ? null : new AsynchronousOperations(window, 1),
                        roles,
                        extended,
                        List.of(),
                        identity,
                        null));
    }
}
