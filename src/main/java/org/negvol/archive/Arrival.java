package org.negvol.archive;

import org.negvol.dicom.TransferSyntax;

/**
 * What is known of an instance before its data set is read.
 *
 * @param sopClassUid as announced
 * @param sopInstanceUid as announced
 * @param syntax how the data set is encoded
 * @param receivedFrom AE title of who sent it
 */
public record Arrival(
        String sopClassUid, String sopInstanceUid, TransferSyntax syntax, String receivedFrom) {}
