package org.negvol.segmentation;

/**
 * Which network a result comes from, as SEG, SR and the database name it.
 *
 * @param name what the network is called
 * @param version its version, as its manifest states it
 * @param sha256 digest of the ONNX file, 64 hexadecimal digits
 * @param licence SPDX identifier or name of the licence of its weights
 * @param trainedOn what it was trained on
 */
public record ModelIdentity(
        String name, String version, String sha256, String licence, String trainedOn) {}
