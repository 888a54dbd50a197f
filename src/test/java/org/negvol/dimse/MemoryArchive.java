package org.negvol.dimse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.KeyMatching;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** A query/retrieve SCP over a handful of images in memory. */
final class MemoryArchive implements AutoCloseable {

    static final String AET = "MEMORY";

    private static final List<String> MODELS =
            List.of(
                    UID.StudyRootQueryRetrieveInformationModelFind,
                    UID.StudyRootQueryRetrieveInformationModelMove,
                    UID.StudyRootQueryRetrieveInformationModelGet,
                    UID.PatientRootQueryRetrieveInformationModelFind,
                    UID.PatientRootQueryRetrieveInformationModelMove,
                    UID.PatientRootQueryRetrieveInformationModelGet);

    final List<Attributes> images = new ArrayList<>();
    final List<TransferSyntax> syntaxes = new ArrayList<>();
    final Map<String, AssociateOptions> destinations = new ConcurrentHashMap<>();
    final CountDownLatch cancelled = new CountDownLatch(1);
    final DimseServer server;

    /** Answers every query without end where set, so that only a cancel ends it. */
    volatile boolean endless;

    MemoryArchive() throws IOException {
        PresentationPolicy policy = PresentationPolicy.DEFAULT;
        for (String model : MODELS) {
            policy = policy.with(model);
        }
        CFindHandler find = this::find;
        RetrieveHandler retrieve = this::retrieve;
        server =
                DimseServer.start(
                        DimseServerOptions.of(AET, 0)
                                .withBindAddress(InetAddress.getLoopbackAddress())
                                .withPresentation(policy),
                        AccessControl.acceptCalledAeTitle(AET),
                        List.of(find, retrieve));
    }

    MemoryArchive add(Attributes image, TransferSyntax syntax) {
        images.add(image);
        syntaxes.add(syntax);
        return this;
    }

    int port() {
        return server.port();
    }

    AssociateOptions call() {
        return AssociateOptions.to("127.0.0.1", port(), AET, "TESTSCU");
    }

    private DimseStatus find(QueryRequest rq, CFindHandler.Matches matches) throws IOException {
        do {
            for (Attributes image : images) {
                if (KeyMatching.matches(rq.identifier(), image)) {
                    Attributes match = new Attributes();
                    for (int tag : rq.identifier().tags()) {
                        match.setNull(tag, rq.identifier().getVR(tag));
                    }
                    match.addSelected(image, rq.identifier().tags());
                    match.addSelected(rq.identifier(), Tag.QueryRetrieveLevel);
                    if (!matches.send(match, true)) {
                        cancelled.countDown();
                        return DimseStatus.CANCEL;
                    }
                }
            }
        } while (endless);
        return DimseStatus.SUCCESS;
    }

    private RetrieveHandler.Retrieval retrieve(QueryRequest rq, @Nullable String destination) {
        if (destination != null && !destinations.containsKey(destination)) {
            return new RetrieveHandler.Refuse(DimseStatus.MOVE_DESTINATION_UNKNOWN);
        }
        List<StoredObject> objects = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Attributes image = images.get(i);
            TransferSyntax syntax = syntaxes.get(i);
            if (KeyMatching.matches(rq.identifier(), image)) {
                objects.add(
                        new StoredObject(
                                image.getString(Tag.SOPClassUID, ""),
                                image.getString(Tag.SOPInstanceUID, ""),
                                syntax.uid(),
                                () -> new ByteArrayInputStream(encode(image, syntax))));
            }
        }
        return new RetrieveHandler.Send(
                objects, destination == null ? null : destinations.get(destination));
    }

    static byte[] encode(Attributes image, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeDataset(image, syntax);
            out.flush();
        }
        return bytes.toByteArray();
    }

    /** Keys with these values; an empty one asks for the element. */
    static Attributes keys(String level, Object... tagsAndValues) {
        Attributes keys = new Attributes().setString(Tag.QueryRetrieveLevel, VR.CS, level);
        for (int i = 0; i < tagsAndValues.length; i += 2) {
            int tag = (int) tagsAndValues[i];
            keys.setString(
                    tag,
                    org.negvol.dicom.ElementDictionary.vrOf(tag),
                    tagsAndValues[i + 1].toString().split("\\\\", -1));
        }
        return keys;
    }

    static List<String> models() {
        return List.copyOf(MODELS);
    }

    static AssociateOptions proposing(AssociateOptions options, String... sopClasses) {
        return Arrays.stream(sopClasses)
                .reduce(
                        options,
                        (o, c) ->
                                o.propose(
                                        c, UID.ExplicitVRLittleEndian, UID.ImplicitVRLittleEndian),
                        (a, b) -> b);
    }

    @Override
    public void close() {
        server.close();
    }
}
