package org.negvol.volume;

/** The volume of interest of one joint: 0.4 mm, 96 × 128 × 112 voxels, LPS-aligned. */
public final class VoiGrid {

    public static final double SPACING_MM = 0.4;
    public static final int COLUMNS = 96;
    public static final int ROWS = 128;
    public static final int SLICES = 112;

    /** The size of the VOI along the patient's axes, mm. */
    public static final Vec3 EXTENT_MM = new Vec3(COLUMNS, ROWS, SLICES).times(SPACING_MM);

    private VoiGrid() {}

    /**
     * @param centreMm centre of the joint, LPS mm
     */
    public static VolumeGeometry around(Vec3 centreMm) {
        Vec3 half = new Vec3(COLUMNS - 1, ROWS - 1, SLICES - 1).times(SPACING_MM / 2);
        return VolumeGeometry.axisAligned(COLUMNS, ROWS, SLICES, SPACING_MM, centreMm.minus(half));
    }
}
