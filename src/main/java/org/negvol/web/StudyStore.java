package org.negvol.web;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.Receipt;
import org.negvol.archive.RefusedException;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;
import org.negvol.node.WebPeers;

/** STOW-RS (PS3.18 10.5): what is answered as stored is as safe as what C-STORE acknowledges. */
@ApplicationScoped
class StudyStore {

    /** PS3.18 table I.2-2; the same numbers as the statuses of C-STORE (PS3.4 B.2.3). */
    private static final int OUT_OF_RESOURCES = 0xA700;

    private static final int DOES_NOT_MATCH = 0xA900;
    private static final int CANNOT_UNDERSTAND = 0xC000;
    private static final int CLASS_NOT_SUPPORTED = 0x0122;

    /** What stands before the Study Instance UID must be shorter than this, bytes. */
    private static final int MOST_BEFORE_STUDY = 1 << 20;

    private final WebPeers peers;

    StudyStore(WebPeers peers) {
        this.peers = peers;
    }

    /**
     * What became of a request.
     *
     * @param status HTTP status (PS3.18 table 10.5.3-1)
     * @param answer the Store Instances Response Module (PS3.18 table I.1-1)
     */
    record Outcome(int status, Attributes answer) {}

    /**
     * Stores the parts of a body.
     *
     * @param study null where the request names none
     * @param base where the DICOMweb service is
     * @throws MultipartInput.MalformedException if the body is not multipart
     */
    Outcome store(MultipartInput body, @Nullable String study, InetSocketAddress peer, String base)
            throws IOException {
        Attributes answer = new Attributes();
        int stored = 0;
        int failed = 0;
        boolean exhausted = false;
        try (WebPeers.Transfer transfer = peers.begin(peer)) {
            for (MultipartInput.Part part = body.next(); part != null; part = body.next()) {
                Attributes item = new Attributes();
                int reason = store(transfer, part, study, base, item, answer);
                if (reason == 0) {
                    stored++;
                    answer.newItem(Tag.ReferencedSOPSequence).addAll(item);
                } else {
                    failed++;
                    exhausted |= reason == OUT_OF_RESOURCES;
                    item.setInt(Tag.FailureReason, VR.US, reason);
                    answer.newItem(Tag.FailedSOPSequence).addAll(item);
                }
            }
            transfer.complete();
        }
        if (stored + failed == 0) {
            return new Outcome(400, answer);
        }
        int status = failed == 0 ? 200 : stored > 0 ? 202 : exhausted ? 503 : 409;
        return new Outcome(status, answer);
    }

    /**
     * @return the reason of failure, 0 if the instance is stored
     */
    private static int store(
            WebPeers.Transfer transfer,
            MultipartInput.Part part,
            @Nullable String study,
            String base,
            Attributes item,
            Attributes answer)
            throws IOException {
        BufferedInputStream in = new BufferedInputStream(part.body(), 1 << 16);
        Optional<Head> read = head(in);
        if (read.isEmpty()) {
            return CANNOT_UNDERSTAND;
        }
        Head head = read.get();
        item.setString(Tag.ReferencedSOPClassUID, VR.UI, head.sopClassUid);
        item.setString(Tag.ReferencedSOPInstanceUID, VR.UI, head.sopInstanceUid);
        if (study != null && !study.equals(head.studyInstanceUid)) {
            return DOES_NOT_MATCH;
        }
        if (!WebPeers.isStorable(head.sopClassUid, head.syntax.uid())) {
            return CLASS_NOT_SUPPORTED;
        }
        try {
            Receipt receipt =
                    transfer.store(head.sopClassUid, head.sopInstanceUid, head.syntax, in);
            String url = base + "/studies/" + receipt.studyInstanceUid();
            item.setString(
                    Tag.RetrieveURL,
                    VR.UR,
                    url
                            + "/series/"
                            + receipt.seriesInstanceUid()
                            + "/instances/"
                            + head.sopInstanceUid);
            answer.setString(Tag.RetrieveURL, VR.UR, url);
            return 0;
        } catch (RefusedException e) {
            return switch (e.reason()) {
                case DOES_NOT_MATCH -> DOES_NOT_MATCH;
                case NOT_UNDERSTOOD -> CANNOT_UNDERSTAND;
                case NO_SPACE, UNAVAILABLE -> OUT_OF_RESOURCES;
            };
        }
    }

    private record Head(
            String sopClassUid,
            String sopInstanceUid,
            String studyInstanceUid,
            TransferSyntax syntax) {}

    /** Looks at the beginning of a file and leaves the stream at the first byte of its data set. */
    private static Optional<Head> head(BufferedInputStream file) throws IOException {
        file.mark(MOST_BEFORE_STUDY);
        InputStream peeked =
                new FilterInputStream(file) {
                    @Override
                    public void close() {
                        // The rest is read by another.
                    }
                };
        Head head;
        try (DicomInputStream in = new DicomInputStream(peeked)) {
            in.limitHeldBytes(MOST_BEFORE_STUDY);
            Attributes meta = in.getFileMetaInformation();
            Attributes dataset = in.readDatasetUntil(Tag.StudyInstanceUID + 1);
            head =
                    new Head(
                            meta.getString(Tag.MediaStorageSOPClassUID, ""),
                            meta.getString(Tag.MediaStorageSOPInstanceUID, ""),
                            dataset.getString(Tag.StudyInstanceUID, ""),
                            in.getTransferSyntax());
            file.reset();
            Archive.skipMetaInformation(file);
        } catch (DicomException e) {
            return Optional.empty();
        }
        return head.sopClassUid.isEmpty() || head.sopInstanceUid.isEmpty()
                ? Optional.empty()
                : Optional.of(head);
    }
}
