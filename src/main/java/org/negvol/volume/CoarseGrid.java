package org.negvol.volume;

/** The grid on which the joints are looked for: 2.0 mm, 112³ voxels, LPS-aligned. */
public final class CoarseGrid {

    public static final double SPACING_MM = 2.0;
    public static final int SIZE = 112;

    private CoarseGrid() {}

    /** The grid centred on the field of view of a scan. */
    public static VolumeGeometry of(VolumeGeometry source) {
        Vec3 centre =
                source.toPatient(
                        (source.columns() - 1) / 2.0,
                        (source.rows() - 1) / 2.0,
                        (source.slices() - 1) / 2.0);
        double half = (SIZE - 1) / 2.0 * SPACING_MM;
        return VolumeGeometry.axisAligned(
                SIZE, SIZE, SIZE, SPACING_MM, centre.minus(new Vec3(half, half, half)));
    }
}
