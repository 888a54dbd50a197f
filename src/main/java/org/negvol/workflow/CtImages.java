package org.negvol.workflow;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchivedInstance;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.volume.SliceStack;

/** The images of a stored series, as the pipeline takes them. */
final class CtImages {

    private CtImages() {}

    static boolean isImage(ArchivedInstance instance) {
        return instance.header().containsValue(Tag.Rows);
    }

    /**
     * The images with their headers from the index. One file alone is opened: the first image of
     * the stack lends the results its patient, study and equipment, so it is read whole.
     *
     * @throws IOException if that file cannot be read
     */
    static List<CtImage> of(List<ArchivedInstance> instances, Archive archive) throws IOException {
        List<CtImage> images = new ArrayList<>();
        for (ArchivedInstance instance : instances) {
            if (isImage(instance)) {
                images.add(CtImage.of(instance.header(), instance.objectKey()));
            }
        }
        if (images.isEmpty()) {
            return images;
        }
        String first =
                switch (SliceStack.of(images.stream().map(CtImage::slice).toList())) {
                    case SliceStack.Stack s -> s.slices().getFirst().sopInstanceUid();
                    case SliceStack.NotAVolume n -> images.getFirst().slice().sopInstanceUid();
                };
        for (int i = 0; i < images.size(); i++) {
            if (images.get(i).slice().sopInstanceUid().equals(first)) {
                images.set(i, whole(images.get(i), archive));
            }
        }
        return images;
    }

    private static CtImage whole(CtImage image, Archive archive) throws IOException {
        String key = image.slice().source();
        try (DicomInputStream in =
                new DicomInputStream(new BufferedInputStream(archive.open(key), 1 << 16))) {
            return CtImage.of(in.readDatasetUntil(Tag.PixelData), key);
        }
    }
}
