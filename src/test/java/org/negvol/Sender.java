package org.negvol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.negvol.archive.Archive;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;

/** A scanner that remembers what was acknowledged. */
public final class Sender implements AutoCloseable {

    private final Association association;
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();

    public Sender(int port) throws IOException {
        association =
                Association.open(
                        AssociateOptions.to("localhost", port, "NEGVOL", "CT1")
                                .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian)
                                .propose(UID.EnhancedCTImageStorage, UID.ExplicitVRLittleEndian));
    }

    /** Sends explicit little endian files until all are sent or the node is gone. */
    public Optional<IOException> send(List<Path> files) {
        for (Path file : files) {
            try {
                Attributes meta;
                try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
                    meta = in.getFileMetaInformation();
                }
                String uid = meta.getString(Tag.MediaStorageSOPInstanceUID, "");
                try (InputStream in = Files.newInputStream(file)) {
                    Archive.skipMetaInformation(in);
                    DimseStatus status =
                            association.store(
                                    meta.getString(Tag.MediaStorageSOPClassUID, ""),
                                    uid,
                                    UID.ExplicitVRLittleEndian,
                                    in);
                    if (status.isSuccess()) {
                        acknowledged.add(uid);
                    }
                }
            } catch (IOException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    /** The SOP instances that the node said it has. */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Releases the association. */
    @Override
    public void close() {
        association.close();
    }
}
