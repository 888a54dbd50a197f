package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchivedInstance;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.EnhancedCt;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;

/**
 * The images of a stored series, as the pipeline takes them.
 *
 * <p>The index tells where an image lies. Of a multi-frame object it does not: what its frames say
 * is read from the file, and kept, since a study is planned again and again while it comes.
 */
@ApplicationScoped
class CtImages {

    /** Frames whose headers are kept, of all objects together; one takes some kilobytes. */
    private static final int MOST_FRAMES = 1 << 12;

    private final Archive archive;
    private final Map<String, List<CtImage>> framesByKey = new LinkedHashMap<>(16, 0.75f, true);

    CtImages(Archive archive) {
        this.archive = archive;
    }

    /**
     * The images of some instances; what is no image is left out.
     *
     * @throws IOException if the file of a multi-frame object cannot be read
     */
    List<CtImage> of(List<ArchivedInstance> instances) throws IOException {
        List<CtImage> images = new ArrayList<>();
        for (ArchivedInstance instance : instances) {
            if (EnhancedCt.isOne(instance.header())) {
                images.addAll(frames(instance.objectKey()));
            } else if (instance.header().containsValue(Tag.Rows)) {
                images.add(CtImage.of(instance.header(), instance.objectKey()));
            }
        }
        return images;
    }

    /**
     * The same for results: the first image of the stack lends them its patient, study and
     * equipment, so its file is read whole.
     *
     * @throws IOException if a file cannot be read
     */
    List<CtImage> forResults(List<ArchivedInstance> instances) throws IOException {
        List<CtImage> images = of(instances);
        if (images.isEmpty()) {
            return images;
        }
        String first =
                switch (SliceStack.of(images.stream().map(CtImage::slice).toList())) {
                    case SliceStack.Stack s -> s.slices().getFirst().source();
                    case SliceStack.NotAVolume n -> images.getFirst().slice().source();
                };
        for (int i = 0; i < images.size(); i++) {
            if (images.get(i).slice().source().equals(first)
                    && images.get(i).slice().frame() == 0) {
                images.set(i, CtImage.of(header(first), first));
            }
        }
        return images;
    }

    /** Reads the pixels of archived images. */
    static SliceReader reader(Archive archive) {
        return CtImageFile.reader(archive::open, archive.concurrentReads());
    }

    private List<CtImage> frames(String key) throws IOException {
        List<CtImage> frames = find(key);
        if (frames == null) {
            frames = CtImage.all(header(key), key);
            keep(key, frames);
        }
        return frames;
    }

    private Attributes header(String key) throws IOException {
        try (DicomInputStream in =
                new DicomInputStream(new BufferedInputStream(archive.open(key), 1 << 16))) {
            return in.limitHeldBytes(EnhancedCt.MOST_HELD_BYTES).readDatasetUntil(Tag.PixelData);
        }
    }

    private synchronized @Nullable List<CtImage> find(String key) {
        return framesByKey.get(key);
    }

    private synchronized void keep(String key, List<CtImage> frames) {
        framesByKey.put(key, frames);
        int held = framesByKey.values().stream().mapToInt(List::size).sum();
        Iterator<List<CtImage>> oldest = framesByKey.values().iterator();
        while (held > MOST_FRAMES) {
            held -= oldest.next().size();
            oldest.remove();
        }
    }
}
