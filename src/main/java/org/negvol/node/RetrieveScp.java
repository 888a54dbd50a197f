package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveQuery;
import org.negvol.archive.QueryLevel;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.QueryRequest;
import org.negvol.dimse.RetrieveHandler;
import org.negvol.dimse.StoredObject;
import org.negvol.node.audit.AuditTrail;

/** Retrieve SCP: C-MOVE to the configured destinations, and C-GET (PS3.4 C.4.2, C.4.3). */
@ApplicationScoped
class RetrieveScp {

    private static final Set<String> PATIENT_ROOT =
            Set.of(
                    UID.PatientRootQueryRetrieveInformationModelMove,
                    UID.PatientRootQueryRetrieveInformationModelGet);

    private static final Set<String> STUDY_ROOT =
            Set.of(
                    UID.StudyRootQueryRetrieveInformationModelMove,
                    UID.StudyRootQueryRetrieveInformationModelGet);

    private final Settings settings;
    private final Archive archive;
    private final ArchiveQuery index;
    private final CallerPolicy callers;
    private final Tls tls;
    private final AuditTrail audit;

    RetrieveScp(Settings settings, Archive archive, ArchiveQuery index, Tls tls, AuditTrail audit) {
        this.settings = settings;
        this.archive = archive;
        this.index = index;
        this.tls = tls;
        this.audit = audit;
        this.callers = new CallerPolicy(settings);
    }

    static List<String> sopClasses() {
        return java.util.stream.Stream.concat(PATIENT_ROOT.stream(), STUDY_ROOT.stream()).toList();
    }

    RetrieveHandler handler() {
        return new RetrieveHandler() {
            @Override
            public boolean serves(String sopClassUid) {
                return PATIENT_ROOT.contains(sopClassUid) || STUDY_ROOT.contains(sopClassUid);
            }

            @Override
            public Retrieval retrieve(QueryRequest rq, @Nullable String destination) {
                return decide(rq, destination);
            }
        };
    }

    private RetrieveHandler.Retrieval decide(QueryRequest rq, @Nullable String destination) {
        if (!callers.mayRetrieve(rq.association())) {
            return new RetrieveHandler.Refuse(DimseStatus.NOT_AUTHORIZED);
        }
        Attributes keys = rq.identifier();
        Optional<QueryLevel> level = QueryLevel.of(keys.getString(Tag.QueryRetrieveLevel, ""));
        if (level.isEmpty()
                || (level.get() == QueryLevel.PATIENT && STUDY_ROOT.contains(rq.sopClassUid()))) {
            return refuse("no such Query/Retrieve Level in the information model");
        }
        int uniqueKey = uniqueKey(level.get());
        if (!keys.containsValue(uniqueKey)) {
            return refuse("the unique key of the level is missing");
        }
        RemoteAe receiver = null;
        if (destination != null) {
            Optional<RemoteAe> ae =
                    settings.destinations().stream()
                            .filter(d -> d.aeTitle().equals(destination))
                            .findFirst();
            if (ae.isEmpty()) {
                return new RetrieveHandler.Refuse(
                        DimseStatus.MOVE_DESTINATION_UNKNOWN.withComment(
                                "negvol.destinations has no such AE title"));
            }
            receiver = ae.get();
        }
        List<ArchiveQuery.Found> found = index.objects(keys);
        audit.sending(rq.association(), receiver, found);
        return new RetrieveHandler.Send(
                found.stream().map(this::stored).toList(),
                receiver == null ? null : tls.call(receiver));
    }

    private static RetrieveHandler.Retrieval refuse(String comment) {
        return new RetrieveHandler.Refuse(DimseStatus.DATASET_DOES_NOT_MATCH.withComment(comment));
    }

    private static int uniqueKey(QueryLevel level) {
        return switch (level) {
            case PATIENT -> Tag.PatientID;
            case STUDY -> Tag.StudyInstanceUID;
            case SERIES -> Tag.SeriesInstanceUID;
            case IMAGE -> Tag.SOPInstanceUID;
        };
    }

    private StoredObject stored(ArchiveQuery.Found found) {
        return new StoredObject(
                found.sopClassUid(),
                found.sopInstanceUid(),
                found.transferSyntaxUid(),
                () -> dataset(found.objectKey()));
    }

    private InputStream dataset(String objectKey) throws IOException {
        InputStream file = new BufferedInputStream(archive.open(objectKey), 1 << 16);
        try {
            Archive.skipMetaInformation(file);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}
