package org.negvol.dimse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.negvol.dicom.UID;

/**
 * Which objects in which encodings does an acceptor take?
 *
 * @param storageTransferSyntaxes transfer syntaxes taken for every storage SOP class, standard ones
 *     of later editions included; empty for an AE that stores nothing
 * @param others transfer syntaxes by any other abstract syntax
 */
public record PresentationPolicy(
        List<String> storageTransferSyntaxes, Map<String, List<String>> others) {

    /** The native transfer syntaxes: what a data set without pixel data should travel in. */
    public static final List<String> NATIVE =
            List.of(
                    UID.ExplicitVRLittleEndian,
                    UID.ImplicitVRLittleEndian,
                    UID.ExplicitVRBigEndian);

    /** All in which CT images come; compressed ones are stored as received. */
    public static final List<String> ALL_IMAGE =
            List.of(
                    UID.ExplicitVRLittleEndian,
                    UID.ImplicitVRLittleEndian,
                    UID.ExplicitVRBigEndian,
                    UID.DeflatedExplicitVRLittleEndian,
                    UID.EncapsulatedUncompressedExplicitVRLittleEndian,
                    UID.JPEGBaseline8Bit,
                    UID.JPEGExtended12Bit,
                    UID.JPEGLossless,
                    UID.JPEGLosslessSV1,
                    UID.JPEGLSLossless,
                    UID.JPEGLSNearLossless,
                    UID.JPEG2000Lossless,
                    UID.JPEG2000,
                    UID.HTJ2KLossless,
                    UID.HTJ2KLosslessRPCL,
                    UID.HTJ2K,
                    UID.RLELossless);

    /** Verification, and storage of everything. */
    public static final PresentationPolicy DEFAULT =
            new PresentationPolicy(ALL_IMAGE, Map.of(UID.Verification, NATIVE));

    /** Level of support of a storage SCP that keeps all attributes. */
    private static final byte LEVEL_FULL = 2;

    /** What PS3.4 table B.5-1 and its retired ancestors have under this root, and nothing else. */
    private static final String STORAGE_ROOT = "1.2.840.10008.5.1.4.1.1.";

    /** Storage and non-patient object storage SOP classes under other roots. */
    private static final Set<String> STORAGE_ELSEWHERE =
            Set.of(
                    UID.StoredPrintStorage,
                    UID.HardcopyGrayscaleImageStorage,
                    UID.HardcopyColorImageStorage,
                    UID.RTBeamsDeliveryInstructionStorageTrial,
                    UID.RTBeamsDeliveryInstructionStorage,
                    UID.RTBrachyApplicationSetupDeliveryInstructionStorage,
                    UID.HangingProtocolStorage,
                    UID.ColorPaletteStorage,
                    UID.GenericImplantTemplateStorage,
                    UID.ImplantAssemblyTemplateStorage,
                    UID.ImplantTemplateGroupStorage);

    private static final Set<String> QUERY_RETRIEVE =
            Set.of(
                    UID.PatientRootQueryRetrieveInformationModelFind,
                    UID.PatientRootQueryRetrieveInformationModelMove,
                    UID.PatientRootQueryRetrieveInformationModelGet,
                    UID.StudyRootQueryRetrieveInformationModelFind,
                    UID.StudyRootQueryRetrieveInformationModelMove,
                    UID.StudyRootQueryRetrieveInformationModelGet);

    public PresentationPolicy {
        storageTransferSyntaxes = List.copyOf(storageTransferSyntaxes);
        Map<String, List<String>> copy = new LinkedHashMap<>();
        others.forEach((uid, syntaxes) -> copy.put(uid, List.copyOf(syntaxes)));
        others = Map.copyOf(copy);
    }

    /** The same with one more abstract syntax; without transfer syntaxes, the native ones. */
    public PresentationPolicy with(String abstractSyntax, String... transferSyntaxes) {
        Map<String, List<String>> more = new LinkedHashMap<>(others);
        more.put(abstractSyntax, transferSyntaxes.length == 0 ? NATIVE : List.of(transferSyntaxes));
        return new PresentationPolicy(storageTransferSyntaxes, more);
    }

    /** Whether C-STORE is what the SOP class is for. */
    public static boolean isStorage(String sopClassUid) {
        return sopClassUid.startsWith(STORAGE_ROOT) || STORAGE_ELSEWHERE.contains(sopClassUid);
    }

    /** The answer to one proposal. */
    PresentationContextResult answer(PresentationContext proposal, UserInformation user) {
        List<String> taken = transferSyntaxesFor(proposal.abstractSyntax(), user);
        if (taken.isEmpty()) {
            return refuse(proposal, PresentationContextResult.Result.ABSTRACT_SYNTAX_NOT_SUPPORTED);
        }
        return choose(proposal.transferSyntaxes(), taken)
                .map(
                        syntax ->
                                new PresentationContextResult(
                                        proposal.id(),
                                        PresentationContextResult.Result.ACCEPTANCE,
                                        syntax))
                .orElseGet(
                        () ->
                                refuse(
                                        proposal,
                                        PresentationContextResult.Result
                                                .TRANSFER_SYNTAXES_NOT_SUPPORTED));
    }

    /**
     * The answer to an extended negotiation of an accepted SOP class. Storage (PS3.4 B.3.1): level
     * 2 (full), no digital signatures, attributes not coerced. Query and retrieve (PS3.4 C.5):
     * relational, nothing else. For other service classes: what was asked for is refused byte by
     * byte, which means the basic behaviour.
     */
    Optional<ExtendedNegotiation> answer(ExtendedNegotiation asked) {
        byte[] answer = new byte[asked.information().length()];
        if (isStorage(asked.sopClassUid())) {
            answer = new byte[] {LEVEL_FULL, 0, 0, 0, 0, 0};
        } else if (QUERY_RETRIEVE.contains(asked.sopClassUid()) && answer.length > 0) {
            // Relational queries are answered whether they were negotiated or not.
            answer[0] = (byte) asked.information().at(0);
        }
        return Optional.of(new ExtendedNegotiation(asked.sopClassUid(), Octets.of(answer)));
    }

    private static PresentationContextResult refuse(
            PresentationContext proposal, PresentationContextResult.Result why) {
        // The transfer syntax has no meaning then, but some requestors want one to be there.
        return new PresentationContextResult(proposal.id(), why, UID.ImplicitVRLittleEndian);
    }

    private List<String> transferSyntaxesFor(String abstractSyntax, UserInformation user) {
        List<String> other = others.get(abstractSyntax);
        if (other != null) {
            return other;
        }
        boolean storage =
                isStorage(abstractSyntax)
                        || user.commonExtended().stream()
                                .anyMatch(
                                        c ->
                                                c.sopClassUid().equals(abstractSyntax)
                                                        && c.serviceClassUid().equals(UID.Storage));
        return storage ? storageTransferSyntaxes : List.of();
    }

    /**
     * The requestor's order is followed: what it names first is usually what it holds, and a choice
     * further down would make it decompress. Only among native encodings explicit little endian
     * goes first, because it keeps the VRs of private elements.
     */
    private static Optional<String> choose(List<String> proposed, List<String> taken) {
        Optional<String> first = proposed.stream().filter(taken::contains).findFirst();
        if (first.isPresent()
                && NATIVE.contains(first.get())
                && proposed.contains(UID.ExplicitVRLittleEndian)
                && taken.contains(UID.ExplicitVRLittleEndian)) {
            return Optional.of(UID.ExplicitVRLittleEndian);
        }
        return first;
    }
}
