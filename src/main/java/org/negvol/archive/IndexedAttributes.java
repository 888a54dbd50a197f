package org.negvol.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;

/**
 * Which attributes does the index keep of a study, a series and an instance, and so find and return
 * in queries? Those of the first instance count.
 */
public final class IndexedAttributes {

    private static final int[] STUDY = {
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.AccessionNumber,
        Tag.IssuerOfAccessionNumberSequence,
        Tag.ReferringPhysicianName,
        Tag.StudyDescription,
        Tag.ProcedureCodeSequence,
        Tag.NameOfPhysiciansReadingStudy,
        Tag.AdmittingDiagnosesDescription,
        Tag.PatientName,
        Tag.PatientID,
        Tag.IssuerOfPatientID,
        Tag.PatientBirthDate,
        Tag.PatientBirthTime,
        Tag.PatientSex,
        Tag.OtherPatientIDs,
        Tag.OtherPatientNames,
        Tag.PatientAge,
        Tag.PatientSize,
        Tag.PatientWeight,
        Tag.EthnicGroup,
        Tag.Occupation,
        Tag.AdditionalPatientHistory,
        Tag.PatientComments,
        Tag.StudyInstanceUID,
        Tag.StudyID
    };

    private static final int[] SERIES = {
        Tag.SeriesDate,
        Tag.SeriesTime,
        Tag.Modality,
        Tag.Manufacturer,
        Tag.InstitutionName,
        Tag.InstitutionalDepartmentName,
        Tag.StationName,
        Tag.SeriesDescription,
        Tag.PerformingPhysicianName,
        Tag.OperatorsName,
        Tag.ManufacturerModelName,
        Tag.BodyPartExamined,
        Tag.ProtocolName,
        Tag.PatientPosition,
        Tag.SeriesInstanceUID,
        Tag.SeriesNumber,
        Tag.Laterality,
        Tag.PerformedProcedureStepStartDate,
        Tag.PerformedProcedureStepStartTime,
        Tag.PerformedProcedureStepID,
        Tag.RequestAttributesSequence
    };

    private static final int[] INSTANCE = {
        Tag.ImageType,
        Tag.SOPClassUID,
        Tag.SOPInstanceUID,
        Tag.ContentDate,
        Tag.ContentTime,
        Tag.Modality,
        Tag.SliceThickness,
        Tag.SpacingBetweenSlices,
        Tag.GantryDetectorTilt,
        Tag.ConvolutionKernel,
        Tag.StudyInstanceUID,
        Tag.SeriesInstanceUID,
        Tag.AcquisitionNumber,
        Tag.InstanceNumber,
        Tag.ImagePositionPatient,
        Tag.ImageOrientationPatient,
        Tag.FrameOfReferenceUID,
        Tag.SamplesPerPixel,
        Tag.PhotometricInterpretation,
        Tag.NumberOfFrames,
        Tag.Rows,
        Tag.Columns,
        Tag.PixelSpacing,
        Tag.BitsAllocated,
        Tag.BitsStored,
        Tag.HighBit,
        Tag.PixelRepresentation,
        Tag.RescaleIntercept,
        Tag.RescaleSlope,
        Tag.RescaleType
    };

    /** What is counted or collected when it is asked for. */
    private static final int[] COMPUTED = {
        Tag.ModalitiesInStudy,
        Tag.SOPClassesInStudy,
        Tag.NumberOfPatientRelatedStudies,
        Tag.NumberOfPatientRelatedSeries,
        Tag.NumberOfPatientRelatedInstances,
        Tag.NumberOfStudyRelatedSeries,
        Tag.NumberOfStudyRelatedInstances,
        Tag.NumberOfSeriesRelatedInstances,
        Tag.InstanceAvailability,
        Tag.RetrieveAETitle
    };

    private static final Set<Integer> ALL =
            Stream.of(STUDY, SERIES, INSTANCE, COMPUTED)
                    .flatMapToInt(Arrays::stream)
                    .boxed()
                    .collect(Collectors.toUnmodifiableSet());

    /** Values longer than this together are no honest header. */
    private static final int MOST_BYTES = 1 << 14;

    private IndexedAttributes() {}

    /** Whether queries match and return the attribute. */
    public static boolean contains(int tag) {
        return ALL.contains(tag);
    }

    static byte[] ofStudy(Attributes image) {
        return encoded(image, STUDY);
    }

    static byte[] ofSeries(Attributes image) {
        return encoded(image, SERIES);
    }

    static byte[] ofInstance(Attributes image) {
        return encoded(image, INSTANCE);
    }

    /** The attributes that one of the three made. */
    static Attributes decoded(byte[] bytes) {
        try (DicomInputStream in =
                new DicomInputStream(
                        new ByteArrayInputStream(bytes),
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)) {
            return in.readDataset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] encoded(Attributes image, int[] tags) {
        Attributes selected = new Attributes();
        selected.addSelected(image, tags);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeDataset(selected, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.size() > MOST_BYTES ? new byte[0] : bytes.toByteArray();
    }
}
