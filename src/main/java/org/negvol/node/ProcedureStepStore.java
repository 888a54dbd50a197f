package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.StatelessSession;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.TransferSyntax;

/** The modality performed procedure steps that peers have created. */
@ApplicationScoped
@Transactional
class ProcedureStepStore {

    private final StatelessSession session;

    ProcedureStepStore(StatelessSession session) {
        this.session = session;
    }

    /** A step as it is now. */
    record Step(String status, Attributes attributes) {}

    /** Keeps a new step; false if there is one of that UID. */
    boolean create(String uid, String status, String callingAet, Attributes attributes) {
        return session.createNativeMutationQuery(
                                "insert into procedure_step (sop_instance_uid, status,"
                                        + " calling_aet, attributes, created_at, changed_at) values"
                                        + " (:uid, :status, :caller, :attributes, :now, :now) on"
                                        + " conflict do nothing")
                        .setParameter("uid", uid)
                        .setParameter("status", status)
                        .setParameter("caller", callingAet)
                        .setParameter("attributes", encoded(attributes))
                        .setParameter("now", Instant.now())
                        .executeUpdate()
                == 1;
    }

    Optional<Step> find(String uid) {
        return session
                .createNativeQuery(
                        "select status, attributes from procedure_step where sop_instance_uid ="
                                + " :uid",
                        Object[].class)
                .setParameter("uid", uid)
                .getResultList()
                .stream()
                .map(r -> new Step((String) r[0], decoded((byte[]) r[1])))
                .findFirst();
    }

    void change(String uid, String status, Attributes attributes) {
        session.createNativeMutationQuery(
                        "update procedure_step set status = :status, attributes = :attributes,"
                                + " changed_at = :now where sop_instance_uid = :uid")
                .setParameter("uid", uid)
                .setParameter("status", status)
                .setParameter("attributes", encoded(attributes))
                .setParameter("now", Instant.now())
                .executeUpdate();
    }

    private static byte[] encoded(Attributes attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeDataset(attributes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Attributes decoded(byte[] bytes) {
        try (DicomInputStream in =
                new DicomInputStream(
                        new ByteArrayInputStream(bytes),
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)) {
            return in.readDataset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
