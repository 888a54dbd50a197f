package org.negvol.config;

/** What is an AE title? Value representation AE of PS3.5 section 6.2. */
final class AeTitles {

    private AeTitles() {}

    /**
     * The title without the spaces around it, which do not count.
     *
     * @throws ConfigurationProblem if it is not one
     */
    static String checked(String key, String value) {
        String title = value.strip();
        boolean ok = !title.isEmpty() && title.length() <= 16;
        for (int i = 0; i < title.length(); i++) {
            char c = title.charAt(i);
            ok &= c >= 0x20 && c < 0x7F && c != '\\';
        }
        if (!ok) {
            throw new ConfigurationProblem(
                    "%s needs an AE title of 1 to 16 ASCII characters without backslash, got \"%s\"."
                            .formatted(key, value));
        }
        return title;
    }
}
