/**
 * DICOM result objects and pictures: measurements in, Segmentation, Surface Segmentation and
 * Structured Report out.
 */
@NullMarked
package org.negvol.report;

import org.jspecify.annotations.NullMarked;
