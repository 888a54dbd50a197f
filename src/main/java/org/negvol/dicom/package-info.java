/**
 * Data sets, tags, VRs, transfer syntaxes, character sets, reading and writing (PS3.5, PS3.6,
 * PS3.10) and pixel codecs.
 */
@NullMarked
package org.negvol.dicom;

import org.jspecify.annotations.NullMarked;
