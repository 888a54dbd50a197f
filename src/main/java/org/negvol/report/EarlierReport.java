package org.negvol.report;

/**
 * A Structured Report on the same series that was made before, with fewer slices or by another
 * version.
 *
 * @param seriesInstanceUid its Series Instance UID
 * @param sopClassUid its SOP Class UID
 * @param sopInstanceUid its SOP Instance UID
 */
public record EarlierReport(String seriesInstanceUid, String sopClassUid, String sopInstanceUid) {}
