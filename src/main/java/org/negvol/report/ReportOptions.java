package org.negvol.report;

/**
 * What a destination wants to receive.
 *
 * @param spatialCoordinates whether the Structured Report holds landmarks and joint-space lines in
 *     space (SCOORD3D); some viewers refuse a whole report for them
 */
public record ReportOptions(boolean spatialCoordinates) {

    /** For destinations nothing is known of. */
    public static final ReportOptions DEFAULT = new ReportOptions(true);
}
