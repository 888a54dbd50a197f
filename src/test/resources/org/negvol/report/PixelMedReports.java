import com.pixelmed.validate.DicomSRValidator;

/** Validates several reports; the validator itself takes one and compiles its rules each time. */
class PixelMedReports {

    public static void main(String[] files) throws Exception {
        DicomSRValidator validator = new DicomSRValidator();
        for (String file : files) {
            System.out.println(validator.validate(file));
        }
    }
}
