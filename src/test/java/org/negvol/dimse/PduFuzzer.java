package org.negvol.dimse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.negvol.dicom.UID;

/** Control PDUs: the first byte is the type; what is understood is written and read back equal. */
public final class PduFuzzer {

    private PduFuzzer() {}

    /** One PDU of each type. */
    public static List<byte[]> seeds() {
        AssociateRequest rq = RawPeer.request(Sink.AET);
        return List.of(
                seed(rq),
                seed(
                        Negotiation.answer(
                                rq,
                                PresentationPolicy.DEFAULT.with(UID.CTImageStorage),
                                16384,
                                null)),
                seed(AssociateReject.LOCAL_LIMIT_EXCEEDED),
                seed(new Pdu.ReleaseRequest()),
                seed(new Pdu.ReleaseResponse()),
                seed(new Abort(2, 1)));
    }

    private static byte[] seed(Pdu pdu) {
        ByteBuffer bytes = PduCodec.encode(pdu);
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.write(bytes.get());
        bytes.position(Pdu.HEADER_LENGTH);
        while (bytes.hasRemaining()) {
            seed.write(bytes.get());
        }
        return seed.toByteArray();
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) throws InvalidPduException {
        if (input.length == 0) {
            return;
        }
        Pdu read;
        try {
            read = PduCodec.decode(input[0] & 7, Arrays.copyOfRange(input, 1, input.length));
        } catch (InvalidPduException refused) {
            return;
        }
        ByteBuffer written = PduCodec.encode(read);
        int type = written.get();
        byte[] value = new byte[written.position(Pdu.HEADER_LENGTH).remaining()];
        written.get(value);
        Pdu again = PduCodec.decode(type, value);
        if (!again.equals(read)) {
            throw new AssertionError("%s was read back as %s".formatted(read, again));
        }
    }
}
