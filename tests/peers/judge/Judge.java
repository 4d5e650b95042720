import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.verapdf.core.EncryptedPdfException;
import org.verapdf.core.ModelParsingException;
import org.verapdf.core.ValidationException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * veraPDF's library, driven by JSON lines so that one Java start judges many documents: {"path", "flavours"} in,
 * {"path", "failures"} out, in the same order. Ends when standard input does.
 */
public final class Judge {
    static final int SHOWN_PER_RULE = 1;

    public static void main(String[] arguments) throws IOException {
        VeraGreenfieldFoundryProvider.initialise();
        // The library may print; what it prints must not be taken for an answer.
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        ObjectMapper json = new ObjectMapper();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            JsonNode request = json.readTree(line);
            String path = request.get("path").asText();
            List<String> failures = new ArrayList<>();
            for (JsonNode flavour : request.get("flavours")) {
                failures.addAll(judge(new File(path), flavour.asText()));
            }
            answers.println(json.writeValueAsString(Map.of("path", path, "failures", failures)));
        }
    }

    static List<String> judge(File document, String flavourId) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(flavourId);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            return List.of(flavourId + ": veraPDF knows no such flavour");
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(document, flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(flavour, SHOWN_PER_RULE, false, true, false)) {
            return failuresOf(validator.validate(parser), flavourId);
        } catch (ModelParsingException | EncryptedPdfException | ValidationException | IOException unreadable) {
            return List.of(flavourId + ": cannot be read: " + unreadable.getMessage());
        }
    }

    static List<String> failuresOf(ValidationResult result, String flavourId) {
        List<String> failures = new ArrayList<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            RuleId rule = assertion.getRuleId();
            String why = assertion.getErrorMessage() == null ? assertion.getMessage() : assertion.getErrorMessage();
            failures.add("%s %s-%d: %s (%d×, first at %s)".formatted(
                    flavourId, rule.getClause(), rule.getTestNumber(), why,
                    result.getFailedChecks().get(rule), assertion.getLocation().getContext()));
        }
        if (failures.isEmpty() && !result.isCompliant()) {
            failures.add(flavourId + ": not compliant, ended as " + result.getJobEndStatus());
        }
        return failures;
    }
}
