package org.negvol.dimse;

/**
 * SOP class extended negotiation (PS3.7 D.3.3.5).
 *
 * @param sopClassUid the SOP class it speaks of
 * @param information service class application information, as PS3.4 defines it for the SOP class
 */
public record ExtendedNegotiation(String sopClassUid, Octets information) {}
