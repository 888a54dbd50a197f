package org.negvol.node;

import org.negvol.dicom.Attributes;

/**
 * An instance is safe, and its sender is about to hear so; fired as a CDI event on the
 * association's thread, so whoever observes it must not keep it waiting.
 *
 * @param header its attributes up to the pixels
 * @param objectKey where the archive has it
 */
public record InstanceStored(Attributes header, String objectKey) {}
