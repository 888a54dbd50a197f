package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.negvol.archive.ArchiveQuery;
import org.negvol.archive.IndexedAttributes;
import org.negvol.archive.QueryLevel;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.KeyMatching;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.dimse.CFindHandler;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.QueryRequest;
import org.negvol.node.audit.AuditTrail;

/**
 * Query SCP: Patient Root and Study Root (PS3.4 C.6.1, C.6.2), relational queries included. All
 * that is archived is found, negvol's own results too.
 */
@ApplicationScoped
class QueryScp {

    static final Set<String> SOP_CLASSES =
            Set.of(
                    UID.PatientRootQueryRetrieveInformationModelFind,
                    UID.StudyRootQueryRetrieveInformationModelFind);

    private final Settings settings;
    private final ArchiveQuery archive;
    private final AuditTrail audit;
    private final CallerPolicy callers;

    QueryScp(Settings settings, ArchiveQuery archive, AuditTrail audit) {
        this.settings = settings;
        this.archive = archive;
        this.audit = audit;
        this.callers = new CallerPolicy(settings);
    }

    CFindHandler handler() {
        return new CFindHandler() {
            @Override
            public boolean serves(String sopClassUid) {
                return SOP_CLASSES.contains(sopClassUid);
            }

            @Override
            public DimseStatus find(QueryRequest rq, Matches matches) throws java.io.IOException {
                return answer(rq, matches);
            }
        };
    }

    private DimseStatus answer(QueryRequest rq, CFindHandler.Matches matches)
            throws java.io.IOException {
        if (!callers.mayRetrieve(rq.association())) {
            return DimseStatus.NOT_AUTHORIZED;
        }
        Attributes keys = rq.identifier();
        Optional<QueryLevel> level = QueryLevel.of(keys.getString(Tag.QueryRetrieveLevel, ""));
        boolean patientRoot =
                rq.sopClassUid().equals(UID.PatientRootQueryRetrieveInformationModelFind);
        if (level.isEmpty() || (level.get() == QueryLevel.PATIENT && !patientRoot)) {
            return DimseStatus.DATASET_DOES_NOT_MATCH.withComment(
                    "no such Query/Retrieve Level in the information model");
        }
        audit.queried(rq.association(), rq.sopClassUid(), keys);
        boolean supported =
                Arrays.stream(keys.tags())
                        .allMatch(t -> !KeyMatching.isKey(t) || IndexedAttributes.contains(t));
        Long from = 0L;
        while (from != null) {
            ArchiveQuery.Page page = archive.find(level.get(), keys, from);
            for (Attributes match : page.matches()) {
                if (!matches.send(response(level.get(), keys, match), supported)) {
                    return DimseStatus.CANCEL;
                }
            }
            if (matches.isCancelled()) {
                return DimseStatus.CANCEL;
            }
            from = page.next();
        }
        return DimseStatus.SUCCESS;
    }

    /** The keys that were asked for, filled, and what every response has (PS3.4 C.4.1.1.3.2). */
    private Attributes response(QueryLevel level, Attributes keys, Attributes match) {
        Attributes response = new Attributes();
        for (int tag : keys.tags()) {
            VR vr = keys.getVR(tag);
            if (KeyMatching.isKey(tag) && vr != null) {
                response.setNull(tag, vr);
            }
        }
        // Takes the character set of the match with it.
        response.addSelected(match, keys.tags());
        response.addSelected(match, uniqueKeys(level));
        response.setString(Tag.QueryRetrieveLevel, VR.CS, level.name());
        response.setString(Tag.RetrieveAETitle, VR.AE, settings.aeTitle());
        return response;
    }

    private static int[] uniqueKeys(QueryLevel level) {
        return switch (level) {
            case PATIENT -> new int[] {Tag.PatientID};
            case STUDY -> new int[] {Tag.StudyInstanceUID};
            case SERIES -> new int[] {Tag.StudyInstanceUID, Tag.SeriesInstanceUID};
            case IMAGE ->
                    new int[] {
                        Tag.StudyInstanceUID,
                        Tag.SeriesInstanceUID,
                        Tag.SOPInstanceUID,
                        Tag.SOPClassUID
                    };
        };
    }
}
