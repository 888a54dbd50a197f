package org.negvol.dicom;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Copies of CT images for research, after the Basic Application Level Confidentiality Profile
 * (PS3.15 Annex E).
 *
 * <p>The profile names some hundred attributes to remove or replace. Here it is the other way
 * round: what describes how the image was made and where it lies is copied, and all else is left
 * behind, private elements and overlays included; so an attribute of a later edition of the
 * standard cannot slip through. UIDs, Patient ID and Patient's Name become pseudonyms that only who
 * has the key can compute again.
 *
 * <p>The face can be recognised in a CT of the head: the Clean Recognizable Visual Features Option
 * is not followed.
 */
public final class Deidentification {

    /** Fewest bytes of a key. */
    public static final int SHORTEST_KEY_BYTES = 16;

    private static final String HMAC = "HmacSHA256";
    private static final int PSEUDONYM_DIGITS = 10;

    /** An age above 89 years is rare enough to say who it is (45 CFR 164.514 b 2 i C). */
    private static final int OLDEST_YEARS = 89;

    private static final int[] COPIED = {
        Tag.SpecificCharacterSet,
        Tag.ImageType,
        Tag.SOPClassUID,
        Tag.Modality,
        Tag.Manufacturer,
        Tag.ManufacturerModelName,
        Tag.BodyPartExamined,
        Tag.SliceThickness,
        Tag.KVP,
        Tag.DataCollectionDiameter,
        Tag.ReconstructionDiameter,
        Tag.DistanceSourceToDetector,
        Tag.DistanceSourceToPatient,
        Tag.GantryDetectorTilt,
        Tag.TableHeight,
        Tag.RotationDirection,
        Tag.ExposureTime,
        Tag.XRayTubeCurrent,
        Tag.Exposure,
        Tag.FilterType,
        Tag.GeneratorPower,
        Tag.FocalSpots,
        Tag.ConvolutionKernel,
        Tag.PatientPosition,
        Tag.SpacingBetweenSlices,
        Tag.SingleCollimationWidth,
        Tag.TotalCollimationWidth,
        Tag.TableSpeed,
        Tag.TableFeedPerRotation,
        Tag.SpiralPitchFactor,
        Tag.SeriesNumber,
        Tag.AcquisitionNumber,
        Tag.InstanceNumber,
        Tag.ImagePositionPatient,
        Tag.ImageOrientationPatient,
        Tag.SliceLocation,
        Tag.SamplesPerPixel,
        Tag.PhotometricInterpretation,
        Tag.Rows,
        Tag.Columns,
        Tag.PixelSpacing,
        Tag.BitsAllocated,
        Tag.BitsStored,
        Tag.HighBit,
        Tag.PixelRepresentation,
        Tag.SmallestImagePixelValue,
        Tag.LargestImagePixelValue,
        Tag.PixelPaddingValue,
        Tag.PixelPaddingRangeLimit,
        Tag.WindowCenter,
        Tag.WindowWidth,
        Tag.RescaleIntercept,
        Tag.RescaleSlope,
        Tag.RescaleType,
        Tag.BurnedInAnnotation,
        Tag.LossyImageCompression,
        Tag.LossyImageCompressionRatio,
        Tag.LossyImageCompressionMethod,
        Tag.PixelData
    };

    private static final int[] REPLACED_UIDS = {
        Tag.SOPInstanceUID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.FrameOfReferenceUID
    };

    private final SecretKeySpec key;
    private final boolean characteristics;

    /**
     * @param key whoever has it can compute the pseudonyms again; the same key gives the same ones
     * @param characteristics whether sex and age stay (Retain Patient Characteristics Option)
     */
    public Deidentification(byte[] key, boolean characteristics) {
        if (key.length < SHORTEST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key of %d bytes can be guessed; %d are needed"
                            .formatted(key.length, SHORTEST_KEY_BYTES));
        }
        this.key = new SecretKeySpec(key, HMAC);
        this.characteristics = characteristics;
    }

    /** What becomes of an image. */
    public sealed interface Result {}

    /** The copy. */
    public record Copy(Attributes dataset) implements Result {}

    /** There is none, for a reason in words. */
    public record LeftOut(String reason) implements Result {}

    /** Makes the copy of one image, which is not changed. */
    public Result copy(Attributes image) {
        if (!UID.CTImageStorage.equals(image.getString(Tag.SOPClassUID))) {
            return new LeftOut("no CT image");
        }
        if ("YES".equals(image.getString(Tag.BurnedInAnnotation, ""))) {
            return new LeftOut("text is burned into its pixels");
        }
        if (!image.containsValue(Tag.ImagePositionPatient)
                || !image.containsValue(Tag.ImageOrientationPatient)) {
            return new LeftOut("no place in the patient, as pictures of a screen with text");
        }
        Attributes copy = new Attributes().addSelected(image, COPIED);
        for (int tag : REPLACED_UIDS) {
            String uid = image.getString(tag);
            if (uid != null) {
                copy.setString(tag, VR.UI, uid(uid));
            }
        }
        String pseudonym = pseudonym(image);
        copy.setString(Tag.PatientName, VR.PN, pseudonym)
                .setString(Tag.PatientID, VR.LO, pseudonym)
                .setNull(Tag.PatientBirthDate, VR.DA)
                .setNull(Tag.PatientSex, VR.CS)
                .setNull(Tag.StudyDate, VR.DA)
                .setNull(Tag.StudyTime, VR.TM)
                .setNull(Tag.AccessionNumber, VR.SH)
                .setNull(Tag.ReferringPhysicianName, VR.PN)
                .setNull(Tag.StudyID, VR.SH)
                .setNull(Tag.PositionReferenceIndicator, VR.LO)
                .setString(Tag.PatientIdentityRemoved, VR.CS, "YES")
                .setString(
                        Tag.DeidentificationMethod,
                        VR.LO,
                        "PS3.15 E Basic Profile by an allow list")
                .setString(Tag.LongitudinalTemporalInformationModified, VR.CS, "REMOVED");
        method(copy, "113100", "Basic Application Confidentiality Profile");
        if (characteristics) {
            copyCharacteristics(image, copy);
            method(copy, "113108", "Retain Patient Characteristics Option");
        }
        return new Copy(copy);
    }

    /** The patient's new name and number. */
    private String pseudonym(Attributes image) {
        String identity =
                image.getString(Tag.PatientID, "")
                        + "\\"
                        + image.getString(Tag.IssuerOfPatientID, "");
        // Without an ID nothing says that two studies are of one patient.
        String known = identity.equals("\\") ? image.getString(Tag.StudyInstanceUID, "") : identity;
        return "NV-"
                + hash("patient " + known).substring(0, PSEUDONYM_DIGITS).toUpperCase(Locale.ROOT);
    }

    private String uid(String original) {
        return UIDUtils.createNameBasedUID("research copy", hash("uid " + original));
    }

    private String hash(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    private static void copyCharacteristics(Attributes image, Attributes copy) {
        String sex = image.getString(Tag.PatientSex);
        if (sex != null) {
            copy.setString(Tag.PatientSex, VR.CS, sex);
        }
        String age = image.getString(Tag.PatientAge, "").strip();
        if (age.matches("\\d{3}[DWMY]")) {
            boolean rare =
                    age.endsWith("Y") && Integer.parseInt(age.substring(0, 3)) > OLDEST_YEARS;
            copy.setString(Tag.PatientAge, VR.AS, rare ? "%03dY".formatted(OLDEST_YEARS + 1) : age);
        }
    }

    private static void method(Attributes copy, String code, String meaning) {
        copy.newItem(Tag.DeidentificationMethodCodeSequence)
                .setString(Tag.CodeValue, VR.SH, code)
                .setString(Tag.CodingSchemeDesignator, VR.SH, "DCM")
                .setString(Tag.CodeMeaning, VR.LO, meaning);
    }
}
