import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeSet;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/** Checks each file named against PDF/A-3a and PDF/UA-1; prints what fails, one line a rule, and exits with their number. */
public class Validate {
  private static final Map<String, String> PROFILES = Map.of("3a", "PDFA-3A", "ua1", "PDFUA-1");

  public static void main(String[] files) throws Exception {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    TreeSet<String> failures = new TreeSet<>();
    for (String file : files) {
      for (Map.Entry<String, String> each : PROFILES.entrySet()) {
        ValidationResult result = validate(file, each.getKey(), each.getValue());
        for (TestAssertion assertion : result.getTestAssertions()) {
          if (assertion.getStatus() == TestAssertion.Status.FAILED) {
            failures.add(file + " " + each.getKey() + " " + assertion.getRuleId().getClause() + ": " + assertion.getMessage());
          }
        }
        System.err.println(file + " " + each.getKey() + ": " + result.getTotalAssertions() + " assertions");
      }
    }
    failures.forEach(System.out::println);
    System.exit(Math.min(failures.size(), 100));
  }

  private static ValidationResult validate(String file, String flavour, String profile) throws Exception {
    String path = "org/verapdf/pdfa/validation/" + profile + ".xml";
    ValidationProfile rules;
    try (InputStream in = Validate.class.getClassLoader().getResourceAsStream(path)) {
      rules = Profiles.profileFromXml(in);
    }
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.fromString(flavour))) {
      return Foundries.defaultInstance().createValidator(rules, false).validate(parser);
    }
  }
}
