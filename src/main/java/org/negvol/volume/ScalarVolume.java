package org.negvol.volume;

/**
 * One number at every voxel of a grid: HU, a probability, or a signed distance in mm.
 *
 * <p>The array is shared, not copied: whoever makes the volume hands it over and does not write to
 * it any more.
 *
 * @param geometry the grid
 * @param values {@code geometry.voxelCount()} numbers in the order of {@link VolumeGeometry#index}
 */
@SuppressWarnings(
        "ArrayRecordComponent") // compared by identity; a copy of a volume would cost more than it
// saves
public record ScalarVolume(VolumeGeometry geometry, float[] values) {

    public ScalarVolume {
        if (values.length != geometry.voxelCount()) {
            throw new IllegalArgumentException(
                    "%d values for a grid of %d voxels"
                            .formatted(values.length, geometry.voxelCount()));
        }
    }

    public float get(int i, int j, int k) {
        return values[geometry.index(i, j, k)];
    }

    /**
     * Trilinear interpolation at an index position; positions outside take the value of the nearest
     * voxel of the border.
     */
    public double sampleIndex(double i, double j, double k) {
        double ci = Math.clamp(i, 0, geometry.columns() - 1);
        double cj = Math.clamp(j, 0, geometry.rows() - 1);
        double ck = Math.clamp(k, 0, geometry.slices() - 1);
        int i0 = Math.min((int) ci, Math.max(geometry.columns() - 2, 0));
        int j0 = Math.min((int) cj, Math.max(geometry.rows() - 2, 0));
        int k0 = Math.min((int) ck, Math.max(geometry.slices() - 2, 0));
        double fi = ci - i0;
        double fj = cj - j0;
        double fk = ck - k0;
        int di = geometry.columns() > 1 ? 1 : 0;
        int dj = geometry.rows() > 1 ? geometry.columns() : 0;
        int dk = geometry.slices() > 1 ? geometry.columns() * geometry.rows() : 0;
        int o = geometry.index(i0, j0, k0);
        double c00 = values[o] * (1 - fi) + values[o + di] * fi;
        double c10 = values[o + dj] * (1 - fi) + values[o + dj + di] * fi;
        double c01 = values[o + dk] * (1 - fi) + values[o + dk + di] * fi;
        double c11 = values[o + dk + dj] * (1 - fi) + values[o + dk + dj + di] * fi;
        double c0 = c00 * (1 - fj) + c10 * fj;
        double c1 = c01 * (1 - fj) + c11 * fj;
        return c0 * (1 - fk) + c1 * fk;
    }

    /** {@link #sampleIndex} at a point in patient coordinates (LPS mm). */
    public double sample(Vec3 patientMm) {
        Vec3 p = geometry.toIndex(patientMm);
        return sampleIndex(p.x(), p.y(), p.z());
    }
}
