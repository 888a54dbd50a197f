package org.negvol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;

/** Makes one Enhanced CT Image (PS3.3 A.38) of the CT images of a series. */
public final class EnhancedCtObject {

    /** Stand for the whole object, and would be wrong in one of the frames. */
    private static final int[] OF_A_SLICE = {
        Tag.SliceThickness,
        Tag.KVP,
        Tag.GantryDetectorTilt,
        Tag.ConvolutionKernel,
        Tag.ImagePositionPatient,
        Tag.ImageOrientationPatient,
        Tag.SliceLocation,
        Tag.PixelSpacing,
        Tag.RescaleIntercept,
        Tag.RescaleSlope,
        Tag.RescaleType,
        Tag.WindowCenter,
        Tag.WindowWidth,
        Tag.AcquisitionDate,
        Tag.AcquisitionTime,
        Tag.PixelData
    };

    private final List<Attributes> slices;
    private final Attributes object;

    private EnhancedCtObject(List<Attributes> slices) {
        this.slices = slices;
        object = new Attributes(slices.getFirst());
        for (int tag : OF_A_SLICE) {
            object.remove(tag);
        }
    }

    /**
     * @param files the slices of a series, in the order of the frames
     */
    public static Attributes ofFiles(List<Path> files) throws IOException {
        List<Attributes> slices = new ArrayList<>();
        for (Path file : files) {
            try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
                slices.add(in.readDataset());
            }
        }
        return of(slices);
    }

    /**
     * The object, with orientation and pixel measures of the first slice for all frames, and
     * position and rescaling of each.
     */
    public static Attributes of(List<Attributes> slices) {
        return new EnhancedCtObject(slices).make();
    }

    /**
     * The object of a phantom's slices as a study of its own.
     *
     * @param number tells several of them apart
     */
    public static Attributes ofStudy(PhantomStudy study, int number) throws IOException {
        String uid = study.uid() + "." + number;
        return ofFiles(study.files())
                .setString(Tag.StudyInstanceUID, VR.UI, uid)
                .setString(Tag.SeriesInstanceUID, VR.UI, uid + ".1")
                .setString(Tag.SOPInstanceUID, VR.UI, uid + ".1.1");
    }

    /** Writes an object as it is. */
    public static Path write(Attributes object, TransferSyntax syntax, Path file)
            throws IOException {
        Files.createDirectories(file.getParent());
        try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(file))) {
            out.writeFile(FileMeta.of(object, syntax), object);
        }
        return file;
    }

    /** An item of the functional groups of a frame, counted from 0. */
    public static Attributes group(Attributes object, int frame, int sequence) {
        return object.getSequence(Tag.PerFrameFunctionalGroupsSequence)
                .get(frame)
                .getNestedDataset(sequence);
    }

    private Attributes make() {
        Attributes first = slices.getFirst();
        String uid = first.getString(Tag.SOPInstanceUID, "");
        object.setString(Tag.SOPClassUID, VR.UI, UID.EnhancedCTImageStorage)
                .setString(Tag.SOPInstanceUID, VR.UI, UIDUtils.createNameBasedUID("enhanced", uid))
                .setString(Tag.ImageType, VR.CS, "ORIGINAL", "PRIMARY", "VOLUME", "NONE")
                .setInt(Tag.InstanceNumber, VR.IS, 1)
                .setInt(Tag.NumberOfFrames, VR.IS, slices.size())
                .setString(Tag.DeviceSerialNumber, VR.LO, "1")
                .setString(Tag.AcquisitionDateTime, VR.DT, "20260101120000")
                .setDouble(Tag.AcquisitionDuration, VR.FD, 4)
                .setString(Tag.ContentQualification, VR.CS, "RESEARCH")
                .setString(Tag.PixelPresentation, VR.CS, "MONOCHROME")
                .setString(Tag.VolumetricProperties, VR.CS, "VOLUME")
                .setString(Tag.VolumeBasedCalculationTechnique, VR.CS, "NONE")
                .setString(Tag.LossyImageCompression, VR.CS, "00")
                .setString(Tag.PresentationLUTShape, VR.CS, "IDENTITY")
                .setNull(Tag.AcquisitionContextSequence, VR.SQ);
        dimensions(uid + ".7");
        shared(object.newItem(Tag.SharedFunctionalGroupsSequence), first);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        for (int k = 0; k < slices.size(); k++) {
            perFrame(object.newItem(Tag.PerFrameFunctionalGroupsSequence), slices.get(k), k + 1);
            pixels.writeBytes(slices.get(k).getBytes(Tag.PixelData));
        }
        return object.setBytes(Tag.PixelData, VR.OW, pixels.toByteArray());
    }

    private void dimensions(String uid) {
        object.newItem(Tag.DimensionOrganizationSequence)
                .setString(Tag.DimensionOrganizationUID, VR.UI, uid);
        object.newItem(Tag.DimensionIndexSequence)
                .setInt(Tag.DimensionIndexPointer, VR.AT, Tag.InStackPositionNumber)
                .setInt(Tag.FunctionalGroupPointer, VR.AT, Tag.FrameContentSequence)
                .setString(Tag.DimensionOrganizationUID, VR.UI, uid);
    }

    private static void shared(Attributes groups, Attributes slice) {
        groups.newItem(Tag.PixelMeasuresSequence)
                .addSelected(slice, Tag.PixelSpacing, Tag.SliceThickness);
        groups.newItem(Tag.PlaneOrientationSequence)
                .addSelected(slice, Tag.ImageOrientationPatient);
        groups.newItem(Tag.CTImageFrameTypeSequence)
                .setString(Tag.FrameType, VR.CS, "ORIGINAL", "PRIMARY", "VOLUME", "NONE")
                .setString(Tag.PixelPresentation, VR.CS, "MONOCHROME")
                .setString(Tag.VolumetricProperties, VR.CS, "VOLUME")
                .setString(Tag.VolumeBasedCalculationTechnique, VR.CS, "NONE");
        Attributes anatomy = groups.newItem(Tag.FrameAnatomySequence);
        anatomy.setString(Tag.FrameLaterality, VR.CS, "U");
        anatomy.newItem(Tag.AnatomicRegionSequence)
                .setString(Tag.CodeValue, VR.SH, "69536005")
                .setString(Tag.CodingSchemeDesignator, VR.SH, "SCT")
                .setString(Tag.CodeMeaning, VR.LO, "Head");
        groups.newItem(Tag.FrameVOILUTSequence)
                .addSelected(slice, Tag.WindowCenter, Tag.WindowWidth);
        groups.newItem(Tag.IrradiationEventIdentificationSequence)
                .setString(
                        Tag.IrradiationEventUID,
                        VR.UI,
                        slice.getString(Tag.SeriesInstanceUID, "") + ".8");
        acquisition(groups, slice);
    }

    /** What an original CT frame must say of tube, table and reconstruction (C.8.15.3). */
    private static void acquisition(Attributes groups, Attributes slice) {
        groups.newItem(Tag.CTAcquisitionTypeSequence)
                .setString(Tag.AcquisitionType, VR.CS, "SEQUENCED")
                .setString(Tag.ConstantVolumeFlag, VR.CS, "NO")
                .setString(Tag.FluoroscopyFlag, VR.CS, "NO");
        groups.newItem(Tag.CTAcquisitionDetailsSequence)
                .setString(Tag.RotationDirection, VR.CS, "CW")
                .setDouble(Tag.RevolutionTime, VR.FD, 1)
                .setDouble(Tag.SingleCollimationWidth, VR.FD, 0.5)
                .setDouble(Tag.TotalCollimationWidth, VR.FD, 16)
                .setDouble(Tag.TableHeight, VR.DS, 100)
                .setDouble(Tag.GantryDetectorTilt, VR.DS, 0)
                .setDouble(Tag.DataCollectionDiameter, VR.DS, 300);
        groups.newItem(Tag.CTTableDynamicsSequence);
        groups.newItem(Tag.CTPositionSequence)
                .setDouble(Tag.TablePosition, VR.FD, 0)
                .setDouble(Tag.DataCollectionCenterPatient, VR.FD, 0, 0, 0)
                .setDouble(Tag.ReconstructionTargetCenterPatient, VR.FD, 0, 0, 0);
        groups.newItem(Tag.CTGeometrySequence)
                .setDouble(Tag.DistanceSourceToDetector, VR.DS, 1000)
                .setDouble(Tag.DistanceSourceToDataCollectionCenter, VR.FD, 500);
        groups.newItem(Tag.CTReconstructionSequence)
                .setString(Tag.ReconstructionAlgorithm, VR.CS, "FILTER_BACK_PROJ")
                .addSelected(slice, Tag.ConvolutionKernel)
                .setString(Tag.ConvolutionKernelGroup, VR.CS, "BONE")
                .setDouble(Tag.ReconstructionDiameter, VR.DS, 200)
                .setDouble(
                        Tag.ReconstructionPixelSpacing, VR.FD, slice.getDoubles(Tag.PixelSpacing))
                .setDouble(Tag.ReconstructionAngle, VR.FD, 360)
                .setString(Tag.ImageFilter, VR.SH, "NONE");
        groups.newItem(Tag.CTExposureSequence)
                .setDouble(Tag.ExposureTimeInms, VR.FD, 1000)
                .setDouble(Tag.XRayTubeCurrentInmA, VR.FD, 100)
                .setDouble(Tag.ExposureInmAs, VR.FD, 100)
                .setString(Tag.ExposureModulationType, VR.CS, "NONE");
        groups.newItem(Tag.CTXRayDetailsSequence)
                .addSelected(slice, Tag.KVP)
                .setDouble(Tag.FocalSpots, VR.DS, 1)
                .setString(Tag.FilterType, VR.SH, "FLAT")
                .setString(Tag.FilterMaterial, VR.CS, "ALUMINUM");
    }

    private static void perFrame(Attributes groups, Attributes slice, int number) {
        groups.newItem(Tag.FrameContentSequence)
                .setInt(Tag.FrameAcquisitionNumber, VR.US, 1)
                .setString(Tag.FrameReferenceDateTime, VR.DT, "20260101120000")
                .setString(Tag.FrameAcquisitionDateTime, VR.DT, "20260101120000")
                .setDouble(Tag.FrameAcquisitionDuration, VR.FD, 1000)
                .setString(Tag.StackID, VR.SH, "1")
                .setInt(Tag.InStackPositionNumber, VR.UL, number)
                .setInt(Tag.DimensionIndexValues, VR.UL, number);
        groups.newItem(Tag.PlanePositionSequence).addSelected(slice, Tag.ImagePositionPatient);
        groups.newItem(Tag.PixelValueTransformationSequence)
                .addSelected(slice, Tag.RescaleIntercept, Tag.RescaleSlope, Tag.RescaleType);
    }
}
