package org.negvol.volume;

/**
 * Where the voxels of a volume lie: its size and the map from voxel index to patient coordinates.
 *
 * <p>Voxels are stored with the column index i running fastest, then the row j, then the slice k:
 * voxel (i, j, k) has the array index {@code i + columns * (j + rows * k)}.
 *
 * @param columns voxels along i
 * @param rows voxels along j
 * @param slices voxels along k
 * @param indexToPatient voxel index → LPS mm of the voxel's centre; not singular
 */
public record VolumeGeometry(int columns, int rows, int slices, Affine indexToPatient) {

    public VolumeGeometry {
        if (columns < 1 || rows < 1 || slices < 1) {
            throw new IllegalArgumentException(
                    "a volume needs at least one voxel along each axis, got %d×%d×%d"
                            .formatted(columns, rows, slices));
        }
        if (!(Math.abs(indexToPatient.determinant()) > 1e-9)) {
            throw new IllegalArgumentException(
                    "the axes of the volume lie in one plane: " + indexToPatient);
        }
    }

    /** A grid whose axes are those of the patient (i = left, j = back, k = head). */
    public static VolumeGeometry axisAligned(
            int columns, int rows, int slices, double spacingMm, Vec3 originMm) {
        return new VolumeGeometry(
                columns,
                rows,
                slices,
                Affine.of(
                        spacingMm,
                        0,
                        0,
                        originMm.x(),
                        0,
                        spacingMm,
                        0,
                        originMm.y(),
                        0,
                        0,
                        spacingMm,
                        originMm.z()));
    }

    public long voxelCount() {
        return (long) columns * rows * slices;
    }

    /** Distance of neighbouring voxel centres along axis 0 (i), 1 (j) or 2 (k), in mm. */
    public double spacingMm(int axis) {
        return indexToPatient.step(axis).norm();
    }

    public double voxelVolumeMm3() {
        return Math.abs(indexToPatient.determinant());
    }

    public int size(int axis) {
        return switch (axis) {
            case 0 -> columns;
            case 1 -> rows;
            case 2 -> slices;
            default -> throw new IllegalArgumentException("axis " + axis);
        };
    }

    public int index(int i, int j, int k) {
        return i + columns * (j + rows * k);
    }

    public Vec3 toPatient(double i, double j, double k) {
        return indexToPatient.apply(i, j, k);
    }

    public Vec3 toIndex(Vec3 patientMm) {
        return indexToPatient.inverse().apply(patientMm);
    }

    /**
     * The same grid, as the box of {@code columns×rows×slices} voxels that starts at (i0, j0, k0).
     */
    public VolumeGeometry box(int i0, int j0, int k0, int columns, int rows, int slices) {
        Vec3 origin = indexToPatient.apply(i0, j0, k0);
        return new VolumeGeometry(
                columns,
                rows,
                slices,
                Affine.ofColumns(
                        indexToPatient.step(0),
                        indexToPatient.step(1),
                        indexToPatient.step(2),
                        origin));
    }
}
