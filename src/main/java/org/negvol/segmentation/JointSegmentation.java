package org.negvol.segmentation;

/**
 * What looking closely at a joint gives: {@link SegmentedJoint}, or {@link JointLocation.Missing}
 * where the close look does not confirm what the localiser saw.
 */
public sealed interface JointSegmentation permits SegmentedJoint, JointLocation.Missing {}
