package org.negvol.dicom;

/** The header that makes a data set a file (PS3.10 7.1). */
public final class FileMeta {

    /** Implementation Class UID (0002,0012), also of the user information of an association. */
    public static final String IMPLEMENTATION_CLASS_UID =
            UIDUtils.createNameBasedUID("negvol", "implementation class");

    /** Implementation Version Name (0002,0013). */
    public static final String IMPLEMENTATION_VERSION_NAME = "NEGVOL_1";

    /** Most characters of an AE title (PS3.5 table 6.2-1). */
    private static final int AE_LENGTH = 16;

    private FileMeta() {}

    /** The header of a file that negvol writes; the writer adds the group length. */
    public static Attributes of(String sopClassUid, String sopInstanceUid, String transferSyntax) {
        return new Attributes()
                .setBytes(Tag.FileMetaInformationVersion, VR.OB, new byte[] {0, 1})
                .setString(Tag.MediaStorageSOPClassUID, VR.UI, sopClassUid)
                .setString(Tag.MediaStorageSOPInstanceUID, VR.UI, sopInstanceUid)
                .setString(Tag.TransferSyntaxUID, VR.UI, transferSyntax)
                .setString(Tag.ImplementationClassUID, VR.UI, IMPLEMENTATION_CLASS_UID)
                .setString(Tag.ImplementationVersionName, VR.SH, IMPLEMENTATION_VERSION_NAME);
    }

    /**
     * A header with Source Application Entity Title (0002,0016).
     *
     * @param sourceAeTitle at most 16 characters; padded, so that all are of one length
     */
    public static Attributes from(
            String sourceAeTitle, String sopClassUid, String sopInstanceUid, String syntax) {
        return of(sopClassUid, sopInstanceUid, syntax)
                .setString(
                        Tag.SourceApplicationEntityTitle,
                        VR.AE,
                        sourceAeTitle
                                + " ".repeat(Math.max(0, AE_LENGTH - sourceAeTitle.length())));
    }

    /** The header for a data set that holds its SOP Class UID and SOP Instance UID. */
    public static Attributes of(Attributes dataset, TransferSyntax syntax) {
        return of(
                dataset.getString(Tag.SOPClassUID, ""),
                dataset.getString(Tag.SOPInstanceUID, ""),
                syntax.uid());
    }
}
