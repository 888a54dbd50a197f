package org.negvol.segmentation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.negvol.volume.Intensity;
import org.negvol.volume.Side;

/**
 * Where both joints of a scan are.
 *
 * @param joints one location for each side
 * @param intensity what takes the scan's grey values to HU
 */
public record Localization(Map<Side, JointLocation> joints, Intensity intensity) {

    public Localization {
        EnumMap<Side, JointLocation> copy = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            JointLocation location = joints.get(side);
            if (location == null || location.side() != side) {
                throw new IllegalArgumentException("no location of the " + side + " joint");
            }
            copy.put(side, location);
        }
        joints = java.util.Collections.unmodifiableMap(copy);
    }

    public JointLocation joint(Side side) {
        return java.util.Objects.requireNonNull(joints.get(side));
    }

    /** The joints that can be measured, left first. */
    public List<JointLocation.Found> found() {
        return joints.values().stream()
                .filter(JointLocation.Found.class::isInstance)
                .map(JointLocation.Found.class::cast)
                .toList();
    }
}
