package org.negvol.dimse;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Transcoder;
import org.negvol.dicom.TransferSyntax;

/**
 * Sends stored objects in a transfer syntax that the peer takes: as stored where possible, else
 * with native pixel data.
 */
public final class ObjectSender {

    /** An object that must be encoded anew is held in memory; most that is allowed, bytes. */
    private static final long MOST_HELD_BYTES = 1L << 30;

    private ObjectSender() {}

    /** The C-MOVE that a C-STORE is part of. */
    record MoveOrigin(String aeTitle, int messageId) {}

    /**
     * The same association with a presentation context for every class and encoding of the objects,
     * and one with the native encodings for every class. Beyond 128 contexts the rest is left out.
     */
    public static AssociateOptions propose(
            AssociateOptions options, Collection<StoredObject> objects) {
        Map<String, Set<String>> syntaxes = new LinkedHashMap<>();
        for (StoredObject object : objects) {
            syntaxes.computeIfAbsent(object.sopClassUid(), c -> new LinkedHashSet<>())
                    .add(object.transferSyntaxUid());
        }
        AssociateOptions proposed = options;
        List<String[]> contexts = new ArrayList<>();
        syntaxes.forEach(
                (sopClass, stored) -> {
                    for (String syntax : stored) {
                        if (!PresentationPolicy.NATIVE.contains(syntax)) {
                            contexts.add(new String[] {sopClass, syntax});
                        }
                    }
                    List<String> all = new ArrayList<>();
                    all.add(sopClass);
                    // First what is stored, so that it need not be encoded anew.
                    PresentationPolicy.NATIVE.stream().filter(stored::contains).forEach(all::add);
                    PresentationPolicy.NATIVE.stream()
                            .filter(s -> !stored.contains(s))
                            .forEach(all::add);
                    contexts.add(all.toArray(String[]::new));
                });
        for (String[] context : contexts) {
            if (proposed.presentationContexts().size()
                    == AssociateOptions.MAX_PRESENTATION_CONTEXTS) {
                break;
            }
            proposed = proposed.propose(context[0], List.of(context).subList(1, context.length));
        }
        return proposed;
    }

    /**
     * Sends one object.
     *
     * @return what the peer says of it
     * @throws NoPresentationContextException if the peer takes the class in no encoding that can be
     *     made
     * @throws AssociationEndedException if no answer came
     * @throws IOException if the object cannot be read or encoded
     */
    public static DimseStatus send(Association association, StoredObject object)
            throws IOException {
        return send(
                association,
                object,
                association.acceptedTransferSyntaxes(object.sopClassUid()),
                null);
    }

    static DimseStatus send(
            Association association,
            StoredObject object,
            List<String> accepted,
            @Nullable MoveOrigin origin)
            throws IOException {
        String stored = object.transferSyntaxUid();
        if (accepted.contains(stored)) {
            try (InputStream in = object.source().open()) {
                return association.store(object, stored, DataWriter.of(in), origin);
            }
        }
        String target =
                PresentationPolicy.NATIVE.stream()
                        .filter(accepted::contains)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new NoPresentationContextException(
                                                "%s does not take %s in %s, nor natively"
                                                        .formatted(
                                                                association.info().peerAet(),
                                                                object.sopClassUid(),
                                                                stored)));
        Attributes dataset = uncompressed(object);
        return association.store(
                object,
                target,
                out -> {
                    DicomOutputStream dicom = new DicomOutputStream(out);
                    dicom.writeDataset(dataset, TransferSyntax.of(target));
                    dicom.flush();
                },
                origin);
    }

    private static Attributes uncompressed(StoredObject object) throws IOException {
        TransferSyntax syntax = TransferSyntax.of(object.transferSyntaxUid());
        try (DicomInputStream in =
                new DicomInputStream(new BufferedInputStream(object.source().open()), syntax)) {
            Attributes dataset = in.limitHeldBytes(MOST_HELD_BYTES).readDataset();
            return Transcoder.uncompressed(dataset, syntax);
        }
    }
}
