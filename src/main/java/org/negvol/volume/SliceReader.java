package org.negvol.volume;

import java.io.IOException;

/** Delivers the pixels of one slice; called from several threads at once. */
@FunctionalInterface
public interface SliceReader {

    /**
     * @return rows × columns values in HU, row by row; padding is {@link CtSeries#AIR_HU}
     * @throws IOException if the image cannot be read or decoded
     */
    short[] readHu(SliceHeader slice) throws IOException;
}
