package org.negvol.measure;

import java.util.EnumMap;
import java.util.Map;

/**
 * How far the temporal bone is from each point of the condyle.
 *
 * @param distanceMm for each vertex of {@code JointSurfaces.condyle} its exact distance to the
 *     temporal bone's mesh in mm; NaN where the vertex does not face the fossa
 * @param facingAreaMm2 area of the condyle that faces the fossa
 * @param overall over the whole facing part
 * @param regions over those of its regions that are not empty
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, compared by identity
public record JointSpaceMap(
        float[] distanceMm,
        double facingAreaMm2,
        Statistics overall,
        Map<Region, Statistics> regions) {

    public JointSpaceMap {
        regions =
                regions.isEmpty()
                        ? Map.of()
                        : java.util.Collections.unmodifiableMap(new EnumMap<>(regions));
    }

    /**
     * Area-weighted statistics of the map, mm.
     *
     * @param areaMm2 area they are taken over
     */
    public record Statistics(
            double areaMm2,
            double mean,
            double sd,
            double min,
            double p05,
            double p25,
            double median,
            double p75,
            double p95,
            double max) {}
}
