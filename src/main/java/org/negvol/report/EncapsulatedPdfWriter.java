package org.negvol.report;

import java.awt.image.BufferedImage;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/** Writes the {@link ResultPdf} as an Encapsulated PDF (PS3.3 A.45.1). */
final class EncapsulatedPdfWriter {

    private final StudyResult result;
    private final CommonModules modules;
    private final NormalValues normalValues;

    EncapsulatedPdfWriter(StudyResult result, CommonModules modules, NormalValues normalValues) {
        this.result = result;
        this.modules = modules;
        this.normalValues = normalValues;
    }

    ResultObject write(BufferedImage page) {
        Attributes ds = modules.start(ResultObject.Kind.ENCAPSULATED_PDF);
        ds.setString(Tag.ConversionType, VR.CS, "WSD");
        ds.setNull(Tag.AcquisitionDateTime, VR.DT);
        // It names the patient, as a page that may be printed must.
        ds.setString(Tag.BurnedInAnnotation, VR.CS, "YES");
        ds.setString(Tag.RecognizableVisualFeatures, VR.CS, "NO");
        ds.setString(Tag.DocumentTitle, VR.ST, "TMJ negative volume");
        Codes.IMAGING_MEASUREMENT_REPORT.addTo(ds, Tag.ConceptNameCodeSequence);
        ds.setString(Tag.VerificationFlag, VR.CS, "UNVERIFIED");
        for (SourceInstance image : result.source().instances()) {
            CommonModules.sop(
                    ds.newItem(Tag.SourceInstanceSequence),
                    image.sopClassUid(),
                    image.sopInstanceUid());
        }
        ds.setString(Tag.MIMETypeOfEncapsulatedDocument, VR.LO, "application/pdf");
        byte[] pdf = ResultPdf.write(result, page, normalValues);
        ds.setLong(Tag.EncapsulatedDocumentLength, VR.UL, pdf.length);
        ds.setBytes(Tag.EncapsulatedDocument, VR.OB, pdf);
        return new ResultObject(ResultObject.Kind.ENCAPSULATED_PDF, ds);
    }
}
