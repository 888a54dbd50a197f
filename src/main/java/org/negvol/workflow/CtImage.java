package org.negvol.workflow;

import java.util.ArrayList;
import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.report.SourceImage;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.EnhancedCt;
import org.negvol.volume.SliceHeader;

/**
 * One image, or one frame of a multi-frame one, of a series that is to be processed.
 *
 * @param slice where it lies, and where its pixels are found
 * @param header its attributes without the pixels
 */
public record CtImage(SliceHeader slice, Attributes header) {

    /**
     * @param header attributes without the pixels
     * @param source where the reader of the series finds the pixels
     */
    public static CtImage of(Attributes header, String source) {
        return new CtImage(CtImageFile.header(header, source), header);
    }

    /**
     * The images of an object: the frames of an Enhanced CT Image, else the object itself.
     *
     * @param header attributes without the pixels
     * @param source where the reader of the series finds the pixels
     */
    public static List<CtImage> all(Attributes header, String source) {
        List<Attributes> frames = EnhancedCt.frames(header);
        if (frames.isEmpty()) {
            return List.of(of(header, source));
        }
        List<CtImage> images = new ArrayList<>();
        for (Attributes frame : frames) {
            int number = images.size() + 1;
            images.add(new CtImage(CtImageFile.header(frame, number, source), frame));
        }
        return images;
    }

    SourceImage asSource() {
        return new SourceImage(
                header.getString(Tag.SOPClassUID, ""),
                slice.sopInstanceUid(),
                slice.frame(),
                header);
    }
}
