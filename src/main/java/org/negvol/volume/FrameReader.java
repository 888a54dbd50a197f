package org.negvol.volume;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.FrameIndex;
import org.negvol.dicom.PixelFrame;
import org.negvol.dicom.Tag;
import org.negvol.volume.CtImageFile.Opener;
import org.negvol.volume.CtImageFile.Rescale;

/**
 * Reads frames of multi-frame images, each as if it were alone in its file. Where the frames lie is
 * found once for a file: what stands before them is megabytes long.
 */
final class FrameReader {

    /** Files whose frames are known at a time; one processed series is seldom more than one. */
    private static final int MOST_FILES = 8;

    private final Opener opener;
    private final Map<String, FrameIndex> known = new LinkedHashMap<>(16, 0.75f, true);

    FrameReader(Opener opener) {
        this.opener = opener;
    }

    /**
     * @throws DicomException if the frame is damaged or has another size than the slice
     */
    short[] readHu(SliceHeader slice) throws IOException {
        FrameIndex index = index(slice);
        try (DicomInputStream in = new DicomInputStream(opener.open(slice.source()))) {
            PixelFrame frame = index.read(in, slice.frame() - 1);
            rescale(slice, index, frame.isSigned()).apply(frame.values(), frame.values().length);
            return frame.values();
        }
    }

    /**
     * Reads some of the rows.
     *
     * @return false, and nothing was read, if the frame must be read whole
     */
    boolean readRows(SliceHeader slice, int first, int end, SliceReader.RowSink sink)
            throws IOException {
        FrameIndex index = index(slice);
        if (!index.isNative()) {
            return false;
        }
        Attributes image = index.pixelAttributes();
        try (DicomInputStream in = new DicomInputStream(opener.open(slice.source()))) {
            return CtImageFile.inStrips(
                    slice,
                    first,
                    end,
                    rescale(slice, index, image.getInt(Tag.PixelRepresentation, 0) == 1),
                    (row, strip, rows) -> {
                        index.readRows(in, slice.frame() - 1, row, strip, rows);
                        return true;
                    },
                    sink);
        }
    }

    private static Rescale rescale(SliceHeader slice, FrameIndex index, boolean signed)
            throws DicomException {
        return Rescale.of(
                index.pixelAttributes(), signed, slice.rescaleSlope(), slice.rescaleIntercept());
    }

    private FrameIndex index(SliceHeader slice) throws IOException {
        FrameIndex index = find(slice.source());
        if (index == null) {
            try (DicomInputStream in = new DicomInputStream(opener.open(slice.source()))) {
                in.limitHeldBytes(EnhancedCt.MOST_HELD_BYTES);
                index = FrameIndex.of(in, in.readDatasetUntil(Tag.PixelData));
            }
            keep(slice.source(), index);
        }
        if (!CtImageFile.isAsLargeAs(slice, index.pixelAttributes())) {
            throw new DicomException(Tag.Rows, "another size than the frame was said to have");
        }
        return index;
    }

    private @Nullable FrameIndex find(String source) {
        synchronized (known) {
            return known.get(source);
        }
    }

    private void keep(String source, FrameIndex index) {
        synchronized (known) {
            known.put(source, index);
            if (known.size() > MOST_FILES) {
                known.remove(known.keySet().iterator().next());
            }
        }
    }
}
