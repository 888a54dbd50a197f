package org.negvol.web;

/**
 * Body of every answer that is an error.
 *
 * @param error what kind it is, for programs
 * @param message one sentence for a person
 */
public record Problem(String error, String message) {}
