package org.negvol.dicom;

import java.util.HashMap;
import java.util.Map;

/**
 * How a data set is encoded (PS3.5 section 10 and annex A).
 *
 * @param uid Transfer Syntax UID
 * @param explicitVR whether elements carry their VR
 * @param bigEndian whether numbers start with their highest byte
 * @param deflated whether the data set is compressed as a whole (PS3.5 A.5)
 * @param encapsulated whether pixel data come in fragments (PS3.5 A.4)
 */
public record TransferSyntax(
        String uid, boolean explicitVR, boolean bigEndian, boolean deflated, boolean encapsulated) {

    public static final TransferSyntax IMPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax(UID.ImplicitVRLittleEndian, false, false, false, false);
    public static final TransferSyntax EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax(UID.ExplicitVRLittleEndian, true, false, false, false);
    public static final TransferSyntax EXPLICIT_VR_BIG_ENDIAN =
            new TransferSyntax(UID.ExplicitVRBigEndian, true, true, false, false);
    public static final TransferSyntax DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax(UID.DeflatedExplicitVRLittleEndian, true, false, true, false);
    public static final TransferSyntax JPEG_BASELINE_8_BIT = encapsulated(UID.JPEGBaseline8Bit);
    public static final TransferSyntax JPEG_EXTENDED_12_BIT = encapsulated(UID.JPEGExtended12Bit);
    public static final TransferSyntax JPEG_LOSSLESS = encapsulated(UID.JPEGLossless);
    public static final TransferSyntax JPEG_LOSSLESS_SV1 = encapsulated(UID.JPEGLosslessSV1);
    public static final TransferSyntax JPEG_LS_LOSSLESS = encapsulated(UID.JPEGLSLossless);
    public static final TransferSyntax JPEG_LS_NEAR_LOSSLESS = encapsulated(UID.JPEGLSNearLossless);
    public static final TransferSyntax JPEG_2000_LOSSLESS = encapsulated(UID.JPEG2000Lossless);
    public static final TransferSyntax JPEG_2000 = encapsulated(UID.JPEG2000);
    public static final TransferSyntax RLE_LOSSLESS = encapsulated(UID.RLELossless);

    private static final Map<String, TransferSyntax> NOT_ENCAPSULATED = new HashMap<>();

    static {
        for (TransferSyntax t :
                new TransferSyntax[] {
                    IMPLICIT_VR_LITTLE_ENDIAN,
                    EXPLICIT_VR_LITTLE_ENDIAN,
                    EXPLICIT_VR_BIG_ENDIAN,
                    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
                }) {
            NOT_ENCAPSULATED.put(t.uid, t);
        }
        // JPIP references take the place of pixel data: the data set is native and may be deflated.
        NOT_ENCAPSULATED.put(
                UID.JPIPReferenced,
                new TransferSyntax(UID.JPIPReferenced, true, false, false, false));
        NOT_ENCAPSULATED.put(
                UID.JPIPReferencedDeflate,
                new TransferSyntax(UID.JPIPReferencedDeflate, true, false, true, false));
    }

    /**
     * The transfer syntax of a UID. One that is not known, be it of a later edition or private, is
     * taken to be encapsulated: PS3.5 A.4 makes all of those explicit VR little endian.
     */
    public static TransferSyntax of(String uid) {
        TransferSyntax known = NOT_ENCAPSULATED.get(uid);
        return known != null ? known : encapsulated(uid);
    }

    private static TransferSyntax encapsulated(String uid) {
        return new TransferSyntax(uid, true, false, false, true);
    }
}
