/**
 * ONNX sessions, model manifests, TMJ localisation, MC/TB segmentation and classical enhancement.
 */
@NullMarked
package org.negvol.segmentation;

import org.jspecify.annotations.NullMarked;
