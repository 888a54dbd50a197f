package org.negvol.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * What every result object shares: patient and study as the source has them, a series and equipment
 * of its own, and where the source came from.
 *
 * <p>Dates: the content date and time of a result are those of the source series, not the clock's,
 * so that processing twice gives the same bytes. A source without any date gives {@value
 * #UNKNOWN_DATE}.
 */
final class CommonModules {

    /** Stands for a date that nobody knows, where the standard wants one. */
    static final String UNKNOWN_DATE = "19000101";

    private static final String MIDNIGHT = "000000";

    /** Patient (C.7.1.1), Clinical Trial Subject (C.7.1.3). */
    private static final int[] PATIENT = {
        Tag.PatientName,
        Tag.PatientID,
        Tag.IssuerOfPatientID,
        Tag.TypeOfPatientID,
        Tag.IssuerOfPatientIDQualifiersSequence,
        Tag.PatientBirthDate,
        Tag.PatientBirthTime,
        Tag.PatientSex,
        Tag.OtherPatientNames,
        Tag.OtherPatientIDsSequence,
        Tag.ReferencedPatientSequence,
        Tag.QualityControlSubject,
        Tag.EthnicGroup,
        Tag.PatientComments,
        Tag.PatientIdentityRemoved,
        Tag.DeidentificationMethod,
        Tag.DeidentificationMethodCodeSequence,
        Tag.ClinicalTrialSponsorName,
        Tag.ClinicalTrialProtocolID,
        Tag.ClinicalTrialProtocolName,
        Tag.ClinicalTrialSiteID,
        Tag.ClinicalTrialSiteName,
        Tag.ClinicalTrialSubjectID,
        Tag.ClinicalTrialSubjectReadingID,
    };

    /** General Study (C.7.2.1), Patient Study (C.7.2.2), Clinical Trial Study (C.7.2.3). */
    private static final int[] STUDY = {
        Tag.StudyInstanceUID,
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.ReferringPhysicianName,
        Tag.ReferringPhysicianIdentificationSequence,
        Tag.StudyID,
        Tag.AccessionNumber,
        Tag.IssuerOfAccessionNumberSequence,
        Tag.StudyDescription,
        Tag.PhysiciansOfRecord,
        Tag.PhysiciansOfRecordIdentificationSequence,
        Tag.NameOfPhysiciansReadingStudy,
        Tag.PhysiciansReadingStudyIdentificationSequence,
        Tag.ReferencedStudySequence,
        Tag.ProcedureCodeSequence,
        Tag.AdmittingDiagnosesDescription,
        Tag.AdmittingDiagnosesCodeSequence,
        Tag.PatientAge,
        Tag.PatientSize,
        Tag.PatientWeight,
        Tag.Occupation,
        Tag.AdditionalPatientHistory,
        Tag.PregnancyStatus,
        Tag.PatientState,
        Tag.ClinicalTrialTimePointID,
        Tag.ClinicalTrialTimePointDescription,
    };

    /** Equipment of the source that Contributing Equipment (C.12.1.1.5) repeats. */
    private static final int[] EQUIPMENT = {
        Tag.Manufacturer,
        Tag.InstitutionName,
        Tag.InstitutionAddress,
        Tag.StationName,
        Tag.InstitutionalDepartmentName,
        Tag.ManufacturerModelName,
        Tag.DeviceSerialNumber,
        Tag.SoftwareVersions,
        Tag.SpatialResolution,
        Tag.DateOfLastCalibration,
        Tag.TimeOfLastCalibration,
    };

    /** Pairs of date and time that tell when the content came to be, the best first. */
    private static final int[][] DATES = {
        {Tag.ContentDate, Tag.ContentTime},
        {Tag.AcquisitionDate, Tag.AcquisitionTime},
        {Tag.SeriesDate, Tag.SeriesTime},
        {Tag.StudyDate, Tag.StudyTime},
    };

    private final StudyResult result;
    private final Attributes source;
    private final ResultIdentity identity;
    private final ReportOptions options;
    private final NormalValues normalValues;

    CommonModules(
            StudyResult result,
            ResultIdentity identity,
            ReportOptions options,
            NormalValues normalValues) {
        this.normalValues = normalValues;
        this.result = result;
        this.options = options;
        this.source = result.source().firstImage();
        this.identity = identity;
    }

    /** A data set with every module that all kinds have, the only one of its series. */
    Attributes start(ResultObject.Kind kind) {
        return start(kind, 1);
    }

    /**
     * A data set with every module that all kinds have.
     *
     * @param number Instance Number (0020,0013), from 1
     */
    Attributes start(ResultObject.Kind kind, int number) {
        Attributes ds = new Attributes();
        ds.addSelected(source, Tag.SpecificCharacterSet);
        ds.addSelected(source, PATIENT);
        ds.addSelected(source, STUDY);
        orNull(ds, Tag.PatientName, VR.PN);
        orNull(ds, Tag.PatientID, VR.LO);
        orNull(ds, Tag.PatientBirthDate, VR.DA);
        orNull(ds, Tag.PatientSex, VR.CS);
        orNull(ds, Tag.StudyDate, VR.DA);
        orNull(ds, Tag.StudyTime, VR.TM);
        orNull(ds, Tag.ReferringPhysicianName, VR.PN);
        orNull(ds, Tag.StudyID, VR.SH);
        orNull(ds, Tag.AccessionNumber, VR.SH);
        series(ds, kind);
        equipment(ds);
        sopCommon(ds, kind, number);
        content(ds);
        return ds;
    }

    private String variant(ResultObject.Kind kind) {
        return optionsVariant(kind) + normalValuesVariant(kind);
    }

    /** Options change nothing in a report without numbers. */
    private String optionsVariant(ResultObject.Kind kind) {
        return result.joints().isEmpty() && kind != ResultObject.Kind.KEY_OBJECT_SELECTION
                ? ""
                : options.variant(kind);
    }

    /** Nor do values to compare numbers with; key objects name the documents that hold them. */
    private String normalValuesVariant(ResultObject.Kind kind) {
        return switch (kind) {
            case STRUCTURED_REPORT, ENCAPSULATED_PDF, KEY_OBJECT_SELECTION ->
                    result.joints().isEmpty() ? "" : normalValues.variant();
            default -> "";
        };
    }

    /** Whether an object of that kind is the one that the usual options give. */
    boolean isUsual(ResultObject.Kind kind) {
        return optionsVariant(kind).isEmpty();
    }

    private void series(Attributes ds, ResultObject.Kind kind) {
        ds.setString(Tag.Modality, VR.CS, kind.modality());
        ds.setString(Tag.SeriesInstanceUID, VR.UI, identity.uid(kind + variant(kind) + " series"));
        int number = source.getInt(Tag.SeriesNumber, -1);
        int base = number >= 0 && number < 10_000_000 ? 100 * number : 9000;
        ds.setInt(Tag.SeriesNumber, VR.IS, base + kind.seriesOffset());
        ds.setString(Tag.SeriesDescription, VR.LO, kind.seriesDescription());
        ds.addSelected(source, Tag.TimezoneOffsetFromUTC);
    }

    private void equipment(Attributes ds) {
        ds.setString(Tag.Manufacturer, VR.LO, ResultWords.MAKER);
        ds.setString(Tag.ManufacturerModelName, VR.LO, ResultWords.MAKER);
        ds.setString(Tag.DeviceSerialNumber, VR.LO, identity.deviceSerialNumber());
        ds.setString(Tag.SoftwareVersions, VR.LO, ResultWords.plain(result.pipelineVersion()));
        if (source.containsValue(Tag.Manufacturer)) {
            Attributes item = ds.newItem(Tag.ContributingEquipmentSequence);
            Codes.ACQUISITION_EQUIPMENT.addTo(item, Tag.PurposeOfReferenceCodeSequence);
            for (int tag : EQUIPMENT) {
                if (source.containsValue(tag)) {
                    item.addSelected(source, tag);
                }
            }
        }
    }

    private void sopCommon(Attributes ds, ResultObject.Kind kind, int number) {
        ds.setString(Tag.SOPClassUID, VR.UI, kind.sopClassUid());
        ds.setString(
                Tag.SOPInstanceUID,
                VR.UI,
                identity.uid(
                        kind + variant(kind) + " instance" + (number == 1 ? "" : " " + number)));
        ds.setInt(Tag.InstanceNumber, VR.IS, number);
        ds.newItem(Tag.CodingSchemeIdentificationSequence)
                .setString(Tag.CodingSchemeDesignator, VR.SH, PrivateCode.SCHEME)
                .setString(Tag.CodingSchemeName, VR.ST, "negvol private codes")
                .setString(Tag.CodingSchemeResponsibleOrganization, VR.ST, ResultWords.MAKER);
    }

    private void content(Attributes ds) {
        String date = UNKNOWN_DATE;
        String time = MIDNIGHT;
        for (int[] pair : DATES) {
            String d = source.getString(pair[0], "");
            if (!d.isEmpty()) {
                date = d;
                time = source.getString(pair[1], MIDNIGHT);
                break;
            }
        }
        ds.setString(Tag.ContentDate, VR.DA, date);
        ds.setString(Tag.ContentTime, VR.TM, time);
        ds.setString(Tag.SeriesDate, VR.DA, date);
        ds.setString(Tag.SeriesTime, VR.TM, time);
    }

    /** Frame of Reference (C.7.4.1), that of the source. */
    void frameOfReference(Attributes ds) {
        ds.setString(Tag.FrameOfReferenceUID, VR.UI, frameOfReferenceUid());
        ds.addSelected(source, Tag.PositionReferenceIndicator);
        orNull(ds, Tag.PositionReferenceIndicator, VR.LO);
    }

    String frameOfReferenceUid() {
        String uid = source.getString(Tag.FrameOfReferenceUID, "");
        return uid.isEmpty() ? identity.frameOfReferenceUid() : uid;
    }

    /**
     * Common Instance Reference (C.12.2). Viewers find the images of a Segmentation by it (OHIF
     * drops one without, issues 4271 and 4335).
     *
     * @param images images of the source series that the object refers to
     * @param others other results of this study that it refers to
     */
    void commonInstanceReference(
            Attributes ds, Collection<SourceImage> images, List<ResultObject> others) {
        seriesItems(
                ds, Tag.ReferencedSeriesSequence, Tag.ReferencedInstanceSequence, images, others);
    }

    /**
     * The evidence of a Structured Report (PS3.3 table 10-11 and 10-4 macros): study, series,
     * instances.
     */
    void evidence(
            Attributes ds, int tag, Collection<SourceImage> images, List<ResultObject> others) {
        Attributes study = ds.newItem(tag);
        study.setString(Tag.StudyInstanceUID, VR.UI, result.source().studyInstanceUid());
        seriesItems(study, Tag.ReferencedSeriesSequence, Tag.ReferencedSOPSequence, images, others);
    }

    private void seriesItems(
            Attributes parent,
            int seriesTag,
            int instanceTag,
            Collection<SourceImage> images,
            List<ResultObject> others) {
        Map<String, Attributes> bySeries = new LinkedHashMap<>();
        for (SourceInstance instance : SourceSeries.instances(images)) {
            reference(
                    bySeries,
                    parent,
                    seriesTag,
                    instanceTag,
                    result.source().seriesInstanceUid(),
                    instance.sopClassUid(),
                    instance.sopInstanceUid());
        }
        for (ResultObject other : others) {
            reference(
                    bySeries,
                    parent,
                    seriesTag,
                    instanceTag,
                    other.seriesInstanceUid(),
                    other.sopClassUid(),
                    other.sopInstanceUid());
        }
    }

    private static void reference(
            Map<String, Attributes> bySeries,
            Attributes parent,
            int seriesTag,
            int instanceTag,
            String seriesUid,
            String sopClassUid,
            String sopInstanceUid) {
        Attributes series =
                bySeries.computeIfAbsent(
                        seriesUid,
                        uid ->
                                parent.newItem(seriesTag)
                                        .setString(Tag.SeriesInstanceUID, VR.UI, uid));
        sop(series.newItem(instanceTag), sopClassUid, sopInstanceUid);
    }

    /** SOP Instance Reference macro (PS3.3 table 10-11). */
    static Attributes sop(Attributes item, String sopClassUid, String sopInstanceUid) {
        return item.setString(Tag.ReferencedSOPClassUID, VR.UI, sopClassUid)
                .setString(Tag.ReferencedSOPInstanceUID, VR.UI, sopInstanceUid);
    }

    /** Image SOP Instance Reference macro (PS3.3 table 10-3) of one image. */
    static Attributes image(Attributes item, SourceImage image) {
        sop(item, image.sopClassUid(), image.sopInstanceUid());
        return frames(item, image.frame() == 0 ? List.of() : List.of(image.frame()));
    }

    /** Image SOP Instance Reference macro (PS3.3 table 10-3) of what was used of an instance. */
    static Attributes instance(Attributes item, SourceInstance instance) {
        sop(item, instance.sopClassUid(), instance.sopInstanceUid());
        return frames(item, instance.frames());
    }

    private static Attributes frames(Attributes item, List<Integer> frames) {
        if (!frames.isEmpty()) {
            item.setInt(
                    Tag.ReferencedFrameNumber,
                    VR.IS,
                    frames.stream().mapToInt(Integer::intValue).toArray());
        }
        return item;
    }

    private static void orNull(Attributes ds, int tag, VR vr) {
        if (!ds.contains(tag)) {
            ds.setNull(tag, vr);
        }
    }
}
