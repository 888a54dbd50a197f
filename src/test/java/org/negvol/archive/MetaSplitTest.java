package org.negvol.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.UID;

/** The meta information of a stored file is read alone, whatever the data set behind it is. */
class MetaSplitTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                UID.ExplicitVRLittleEndian,
                UID.ImplicitVRLittleEndian,
                UID.ExplicitVRBigEndian,
                UID.DeflatedExplicitVRLittleEndian,
                UID.JPEGLosslessSV1
            })
    void theDatasetBeginsWhereTheMetaInformationEnds(String syntax) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DicomOutputStream out = new DicomOutputStream(file);
        out.writeFileMetaInformation(FileMeta.of(UID.CTImageStorage, "1.2.3", syntax));
        out.flush();
        byte[] dataset = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        file.write(dataset);
        InputStream in = new ByteArrayInputStream(file.toByteArray());
        MetaSplit split = MetaSplit.read(in);
        assertThat(split.syntax().uid()).isEqualTo(syntax);
        assertThat(split.sopClassUid()).isEqualTo(UID.CTImageStorage);
        assertThat(split.sopInstanceUid()).isEqualTo("1.2.3");
        assertThat(in.readAllBytes()).isEqualTo(dataset);
    }
}
