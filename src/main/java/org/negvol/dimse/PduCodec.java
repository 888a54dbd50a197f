package org.negvol.dimse;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Control PDUs to bytes and back (PS3.8 9.3 and annex D, PS3.7 annex D.3). */
final class PduCodec {

    /**
     * No association request is longer: 128 contexts with 40 transfer syntaxes each are a quarter
     * of it, bytes.
     */
    static final int MAX_CONTROL_PDU_LENGTH = 1 << 20;

    private static final int APPLICATION_CONTEXT = 0x10;
    private static final int PRESENTATION_CONTEXT_RQ = 0x20;
    private static final int PRESENTATION_CONTEXT_AC = 0x21;
    private static final int ABSTRACT_SYNTAX = 0x30;
    private static final int TRANSFER_SYNTAX = 0x40;
    private static final int USER_INFORMATION = 0x50;
    private static final int MAX_LENGTH = 0x51;
    private static final int IMPLEMENTATION_CLASS_UID = 0x52;
    private static final int ASYNCHRONOUS_OPERATIONS = 0x53;
    private static final int ROLE_SELECTION = 0x54;
    private static final int IMPLEMENTATION_VERSION_NAME = 0x55;
    private static final int EXTENDED_NEGOTIATION = 0x56;
    private static final int COMMON_EXTENDED_NEGOTIATION = 0x57;
    private static final int USER_IDENTITY_RQ = 0x58;
    private static final int USER_IDENTITY_AC = 0x59;

    private static final int AE_TITLE_LENGTH = 16;
    private static final int RESERVED_AFTER_TITLES = 32;

    private PduCodec() {}

    /**
     * Reads the value of a control PDU.
     *
     * @throws InvalidPduException where it breaks the standard; unknown items are skipped, as PS3.8
     *     9.3.1 asks
     */
    static Pdu decode(int type, byte[] value) throws InvalidPduException {
        ByteBuffer in = ByteBuffer.wrap(value);
        return switch (type) {
            case Pdu.ASSOCIATE_RQ -> decodeRequest(in);
            case Pdu.ASSOCIATE_AC -> decodeAccept(in);
            case Pdu.ASSOCIATE_RJ -> {
                need(in, 4, "A-ASSOCIATE-RJ");
                yield new AssociateReject(value[1] & 0xff, value[2] & 0xff, value[3] & 0xff);
            }
            case Pdu.RELEASE_RQ -> {
                need(in, 4, "A-RELEASE-RQ");
                yield new Pdu.ReleaseRequest();
            }
            case Pdu.RELEASE_RP -> {
                need(in, 4, "A-RELEASE-RP");
                yield new Pdu.ReleaseResponse();
            }
            case Pdu.ABORT -> {
                need(in, 4, "A-ABORT");
                yield new Abort(value[2] & 0xff, value[3] & 0xff);
            }
            default ->
                    throw new InvalidPduException(
                            Abort.UNRECOGNIZED_PDU, "PDU type %02X".formatted(type));
        };
    }

    /** The whole PDU, header included. */
    static ByteBuffer encode(Pdu pdu) {
        return switch (pdu) {
            case AssociateRequest rq -> pdu(Pdu.ASSOCIATE_RQ, encodeRequest(rq));
            case AssociateAccept ac -> pdu(Pdu.ASSOCIATE_AC, encodeAccept(ac));
            case AssociateReject rj ->
                    pdu(
                            Pdu.ASSOCIATE_RJ,
                            new byte[] {
                                0, (byte) rj.result(), (byte) rj.source(), (byte) rj.reason()
                            });
            case Pdu.ReleaseRequest() -> pdu(Pdu.RELEASE_RQ, new byte[4]);
            case Pdu.ReleaseResponse() -> pdu(Pdu.RELEASE_RP, new byte[4]);
            case Abort(int source, int reason) ->
                    pdu(Pdu.ABORT, new byte[] {0, 0, (byte) source, (byte) reason});
        };
    }

    private static ByteBuffer pdu(int type, byte[] value) {
        return ByteBuffer.allocate(Pdu.HEADER_LENGTH + value.length)
                .put((byte) type)
                .put((byte) 0)
                .putInt(value.length)
                .put(value)
                .flip();
    }

    // --- reading

    private static AssociateRequest decodeRequest(ByteBuffer in) throws InvalidPduException {
        need(in, 4 + 2 * AE_TITLE_LENGTH + RESERVED_AFTER_TITLES, "A-ASSOCIATE-RQ");
        int version = in.getShort();
        in.getShort();
        String called = aeTitle(in);
        String calling = aeTitle(in);
        in.position(in.position() + RESERVED_AFTER_TITLES);
        String applicationContext = "";
        List<PresentationContext> contexts = new ArrayList<>();
        BitSet ids = new BitSet(256);
        UserInformation user = NO_USER_INFORMATION;
        while (in.hasRemaining()) {
            int type = itemType(in);
            ByteBuffer item = item(in);
            switch (type) {
                case APPLICATION_CONTEXT -> applicationContext = text(item, item.remaining());
                case PRESENTATION_CONTEXT_RQ -> contexts.add(presentationContext(item, ids));
                case USER_INFORMATION -> user = userInformation(item);
                default -> {}
            }
        }
        return new AssociateRequest(version, called, calling, applicationContext, contexts, user);
    }

    private static AssociateAccept decodeAccept(ByteBuffer in) throws InvalidPduException {
        need(in, 4 + 2 * AE_TITLE_LENGTH + RESERVED_AFTER_TITLES, "A-ASSOCIATE-AC");
        int version = in.getShort();
        in.getShort();
        String called = aeTitle(in);
        String calling = aeTitle(in);
        in.position(in.position() + RESERVED_AFTER_TITLES);
        String applicationContext = "";
        List<PresentationContextResult> contexts = new ArrayList<>();
        UserInformation user = NO_USER_INFORMATION;
        while (in.hasRemaining()) {
            int type = itemType(in);
            ByteBuffer item = item(in);
            switch (type) {
                case APPLICATION_CONTEXT -> applicationContext = text(item, item.remaining());
                case PRESENTATION_CONTEXT_AC -> contexts.add(presentationContextResult(item));
                case USER_INFORMATION -> user = userInformation(item);
                default -> {}
            }
        }
        return new AssociateAccept(version, called, calling, applicationContext, contexts, user);
    }

    private static PresentationContext presentationContext(ByteBuffer in, BitSet ids)
            throws InvalidPduException {
        need(in, 4, "presentation context");
        int id = in.get() & 0xff;
        in.position(in.position() + 3);
        if ((id & 1) == 0) {
            throw InvalidPduException.parameter("even presentation context id " + id);
        }
        if (ids.get(id)) {
            throw InvalidPduException.parameter("presentation context id " + id + " twice");
        }
        ids.set(id);
        String abstractSyntax = "";
        List<String> transferSyntaxes = new ArrayList<>();
        while (in.hasRemaining()) {
            int type = itemType(in);
            ByteBuffer item = item(in);
            switch (type) {
                case ABSTRACT_SYNTAX -> abstractSyntax = text(item, item.remaining());
                case TRANSFER_SYNTAX -> transferSyntaxes.add(text(item, item.remaining()));
                default -> {}
            }
        }
        return new PresentationContext(id, abstractSyntax, transferSyntaxes);
    }

    private static PresentationContextResult presentationContextResult(ByteBuffer in)
            throws InvalidPduException {
        need(in, 4, "presentation context");
        int id = in.get() & 0xff;
        in.get();
        int result = in.get() & 0xff;
        in.get();
        String transferSyntax = "";
        while (in.hasRemaining()) {
            int type = itemType(in);
            ByteBuffer item = item(in);
            if (type == TRANSFER_SYNTAX) {
                transferSyntax = text(item, item.remaining());
            }
        }
        return new PresentationContextResult(
                id, PresentationContextResult.Result.of(result), transferSyntax);
    }

    private static final UserInformation NO_USER_INFORMATION =
            new UserInformation(
                    UserInformation.DEFAULT_MAX_PDU_LENGTH,
                    "",
                    null,
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    null);

    private static UserInformation userInformation(ByteBuffer in) throws InvalidPduException {
        long maxPduLength = UserInformation.DEFAULT_MAX_PDU_LENGTH;
        String classUid = "";
        String version = null;
        AsynchronousOperations window = null;
        List<RoleSelection> roles = new ArrayList<>();
        List<ExtendedNegotiation> extended = new ArrayList<>();
        List<CommonExtendedNegotiation> common = new ArrayList<>();
        UserIdentity identity = null;
        Octets identityResponse = null;
        while (in.hasRemaining()) {
            int type = itemType(in);
            ByteBuffer item = item(in);
            switch (type) {
                case MAX_LENGTH -> {
                    need(item, 4, "maximum length");
                    maxPduLength = item.getInt() & 0xffffffffL;
                }
                case IMPLEMENTATION_CLASS_UID -> classUid = text(item, item.remaining());
                case IMPLEMENTATION_VERSION_NAME -> version = text(item, item.remaining());
                case ASYNCHRONOUS_OPERATIONS -> {
                    need(item, 4, "asynchronous operations window");
                    window =
                            new AsynchronousOperations(
                                    item.getShort() & 0xffff, item.getShort() & 0xffff);
                }
                case ROLE_SELECTION -> {
                    String uid = text(item, length(item));
                    need(item, 2, "role selection");
                    roles.add(new RoleSelection(uid, item.get() != 0, item.get() != 0));
                }
                case EXTENDED_NEGOTIATION -> {
                    String uid = text(item, length(item));
                    extended.add(new ExtendedNegotiation(uid, octets(item, item.remaining())));
                }
                case COMMON_EXTENDED_NEGOTIATION -> common.add(commonExtended(item));
                case USER_IDENTITY_RQ -> {
                    need(item, 2, "user identity");
                    int identityType = item.get() & 0xff;
                    boolean respond = item.get() != 0;
                    Octets primary = octets(item, length(item));
                    Octets secondary = octets(item, length(item));
                    identity = new UserIdentity(identityType, respond, primary, secondary);
                }
                case USER_IDENTITY_AC -> identityResponse = octets(item, length(item));
                default -> {}
            }
        }
        return new UserInformation(
                maxPduLength,
                classUid,
                version,
                window,
                roles,
                extended,
                common,
                identity,
                identityResponse);
    }

    private static CommonExtendedNegotiation commonExtended(ByteBuffer in)
            throws InvalidPduException {
        String sopClass = text(in, length(in));
        String serviceClass = text(in, length(in));
        ByteBuffer related = slice(in, length(in));
        List<String> uids = new ArrayList<>();
        while (related.hasRemaining()) {
            uids.add(text(related, length(related)));
        }
        return new CommonExtendedNegotiation(sopClass, serviceClass, uids);
    }

    private static int itemType(ByteBuffer in) throws InvalidPduException {
        need(in, 4, "item");
        int type = in.get() & 0xff;
        in.get();
        return type;
    }

    private static ByteBuffer item(ByteBuffer in) throws InvalidPduException {
        return slice(in, length(in));
    }

    private static int length(ByteBuffer in) throws InvalidPduException {
        need(in, 2, "length");
        return in.getShort() & 0xffff;
    }

    private static ByteBuffer slice(ByteBuffer in, int length) throws InvalidPduException {
        need(in, length, "item");
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private static Octets octets(ByteBuffer in, int length) throws InvalidPduException {
        need(in, length, "item");
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Octets.of(bytes);
    }

    private static String aeTitle(ByteBuffer in) throws InvalidPduException {
        return text(in, AE_TITLE_LENGTH);
    }

    /**
     * ISO 646 without padding. Anything else becomes a question mark: these strings go to logs, and
     * no line break of a stranger's should.
     */
    private static String text(ByteBuffer in, int length) throws InvalidPduException {
        need(in, length, "text");
        byte[] bytes = new byte[length];
        in.get(bytes);
        int end = length;
        while (end > 0 && (bytes[end - 1] == 0 || bytes[end - 1] == ' ')) {
            end--;
        }
        int start = 0;
        while (start < end && bytes[start] == ' ') {
            start++;
        }
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0x20 || bytes[i] > 0x7e) {
                bytes[i] = '?';
            }
        }
        return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    }

    private static void need(ByteBuffer in, int length, String what) throws InvalidPduException {
        if (in.remaining() < length) {
            throw InvalidPduException.parameter(
                    "%s of %d bytes where %d are left".formatted(what, length, in.remaining()));
        }
    }

    // --- writing

    /** Writes the value of an item. */
    private interface ItemBody {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] encodeRequest(AssociateRequest rq) {
        return bytes(
                out -> {
                    writeTitles(out, rq.protocolVersion(), rq.calledAet(), rq.callingAet());
                    writeItem(out, APPLICATION_CONTEXT, ascii(rq.applicationContext()));
                    for (PresentationContext context : rq.presentationContexts()) {
                        writeItem(
                                out,
                                PRESENTATION_CONTEXT_RQ,
                                bytes(item -> writePresentationContext(item, context)));
                    }
                    writeItem(out, USER_INFORMATION, userInformation(rq.user()));
                });
    }

    private static byte[] encodeAccept(AssociateAccept ac) {
        return bytes(
                out -> {
                    writeTitles(out, ac.protocolVersion(), ac.calledAet(), ac.callingAet());
                    writeItem(out, APPLICATION_CONTEXT, ascii(ac.applicationContext()));
                    for (PresentationContextResult context : ac.presentationContexts()) {
                        writeItem(
                                out,
                                PRESENTATION_CONTEXT_AC,
                                bytes(
                                        item -> {
                                            item.writeByte(context.id());
                                            item.writeByte(0);
                                            item.writeByte(context.result().code());
                                            item.writeByte(0);
                                            writeItem(
                                                    item,
                                                    TRANSFER_SYNTAX,
                                                    ascii(context.transferSyntax()));
                                        }));
                    }
                    writeItem(out, USER_INFORMATION, userInformation(ac.user()));
                });
    }

    private static void writeTitles(
            DataOutputStream out, int version, String called, String calling) throws IOException {
        out.writeShort(version);
        out.writeShort(0);
        writeTitle(out, called);
        writeTitle(out, calling);
        out.write(new byte[RESERVED_AFTER_TITLES]);
    }

    private static void writeTitle(DataOutputStream out, String title) throws IOException {
        byte[] bytes = ascii(title);
        for (int i = 0; i < AE_TITLE_LENGTH; i++) {
            out.writeByte(i < bytes.length ? bytes[i] : ' ');
        }
    }

    private static void writePresentationContext(DataOutputStream out, PresentationContext context)
            throws IOException {
        out.writeByte(context.id());
        out.write(new byte[3]);
        writeItem(out, ABSTRACT_SYNTAX, ascii(context.abstractSyntax()));
        for (String transferSyntax : context.transferSyntaxes()) {
            writeItem(out, TRANSFER_SYNTAX, ascii(transferSyntax));
        }
    }

    private static byte[] userInformation(UserInformation user) {
        return bytes(
                out -> {
                    writeItem(out, MAX_LENGTH, bytes(o -> o.writeInt((int) user.maxPduLength())));
                    writeItem(out, IMPLEMENTATION_CLASS_UID, ascii(user.implementationClassUid()));
                    AsynchronousOperations window = user.asynchronousOperations();
                    if (window != null) {
                        writeItem(
                                out,
                                ASYNCHRONOUS_OPERATIONS,
                                bytes(
                                        o -> {
                                            o.writeShort(window.invoked());
                                            o.writeShort(window.performed());
                                        }));
                    }
                    for (RoleSelection role : user.roles()) {
                        writeItem(
                                out,
                                ROLE_SELECTION,
                                bytes(
                                        o -> {
                                            writeText(o, role.sopClassUid());
                                            o.writeByte(role.scu() ? 1 : 0);
                                            o.writeByte(role.scp() ? 1 : 0);
                                        }));
                    }
                    String version = user.implementationVersionName();
                    if (version != null) {
                        writeItem(out, IMPLEMENTATION_VERSION_NAME, ascii(version));
                    }
                    for (ExtendedNegotiation extended : user.extended()) {
                        writeItem(
                                out,
                                EXTENDED_NEGOTIATION,
                                bytes(
                                        o -> {
                                            writeText(o, extended.sopClassUid());
                                            o.write(extended.information().toBytes());
                                        }));
                    }
                    for (CommonExtendedNegotiation common : user.commonExtended()) {
                        writeItem(
                                out,
                                COMMON_EXTENDED_NEGOTIATION,
                                bytes(
                                        o -> {
                                            writeText(o, common.sopClassUid());
                                            writeText(o, common.serviceClassUid());
                                            byte[] related =
                                                    bytes(
                                                            r -> {
                                                                for (String uid :
                                                                        common
                                                                                .relatedGeneralSopClassUids()) {
                                                                    writeText(r, uid);
                                                                }
                                                            });
                                            o.writeShort(related.length);
                                            o.write(related);
                                        }));
                    }
                    writeIdentity(out, user.identity(), user.identityResponse());
                });
    }

    private static void writeIdentity(
            DataOutputStream out, @Nullable UserIdentity identity, @Nullable Octets response)
            throws IOException {
        if (identity != null) {
            writeItem(
                    out,
                    USER_IDENTITY_RQ,
                    bytes(
                            o -> {
                                o.writeByte(identity.type());
                                o.writeByte(identity.positiveResponseRequested() ? 1 : 0);
                                writeOctets(o, identity.primary());
                                writeOctets(o, identity.secondary());
                            }));
        }
        if (response != null) {
            writeItem(out, USER_IDENTITY_AC, bytes(o -> writeOctets(o, response)));
        }
    }

    private static void writeItem(DataOutputStream out, int type, byte[] value) throws IOException {
        if (value.length > 0xffff) {
            throw new IllegalArgumentException(
                    "Item %02X of %d bytes is longer than its length field can say"
                            .formatted(type, value.length));
        }
        out.writeByte(type);
        out.writeByte(0);
        out.writeShort(value.length);
        out.write(value);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = ascii(text);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void writeOctets(DataOutputStream out, Octets octets) throws IOException {
        out.writeShort(octets.length());
        out.write(octets.toBytes());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(ItemBody body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("A byte array does not fail", e);
        }
        return bytes.toByteArray();
    }
}
