package nl.hulpmiddelenpaspoort;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirDefaultPolicyAdvisor;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.elementmodel.Manager;
import org.hl7.fhir.r5.model.CanonicalResource;
import org.hl7.fhir.r5.model.CanonicalType;
import org.hl7.fhir.r5.utils.validation.IResourceValidator;
import org.hl7.fhir.r5.utils.validation.IValidatorResourceFetcher;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;

/**
 * HL7's validator, zoals HAPI hem verpakt met de definities van R4, over een bestand van JSON-regels in één JVM.
 *
 * <p>Invoer per regel {@code {"sleutel", "profielen": [url], "tekst": "de resource als JSON-tekst"}}; uitvoer per regel
 * {@code {"sleutel", "bevindingen": [[ernst, plek, code, tekst]]}}, in dezelfde volgorde, achter wat er al stond. Geen
 * terminologieserver: een code uit een stelsel dat hier niet staat (SNOMED CT) geeft geen fout. Argumenten: invoer uitvoer
 * draden definitiemap...
 */
public final class Oracle {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EIGEN = "http://hulpmiddelenpaspoort.nl/fhir/StructureDefinition/";

  /** Waar extensies van anderen in het corpus wonen; een modifier van een ander woont ergens anders en mag niet. */
  private static final String VREEMD = "http://voorbeeld.test/StructureDefinition/";

  /** Waar HL7 standaard voor waarschuwt en wat issue 3 een fout noemt: antwoorden zonder hun vragenlijst. */
  private static final Set<String> OOK_FOUT = Set.of("Questionnaire_QR_Q_NotFound");

  private static final Pattern DOEL = Pattern.compile("(?:https?://.+/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/.+)?");

  private final FhirContext context = FhirContext.forR4();
  private final FhirValidator validator;

  private Oracle(List<Path> mappen) throws IOException {
    DefaultProfileValidationSupport basis = new DefaultProfileValidationSupport(context);
    Eigen eigen = new Eigen(context);
    for (Path map : mappen) {
      try (Stream<Path> bestanden = Files.walk(map)) {
        for (Path pad : bestanden.filter(Oracle::isDefinitie).sorted().toList()) {
          neemOp(eigen, Files.readString(pad));
        }
      }
    }
    maakSnapshots(eigen, basis);
    UnknownCodeSystemWarningValidationSupport onbekend = new UnknownCodeSystemWarningValidationSupport(context);
    onbekend.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    ValidationSupportChain keten =
        new ValidationSupportChain(
            eigen,
            basis,
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context),
            onbekend);
    FhirInstanceValidator instantie = new FhirInstanceValidator(keten);
    // Een extensie die niemand kent mag van een ander zijn, niet van ons: onder ons eigen adres staat alles hier.
    instantie.setAnyExtensionsAllowed(false);
    instantie.setCustomExtensionDomains(List.of(VREEMD));
    instantie.setErrorForUnknownProfiles(false);
    instantie.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    instantie.setValidatorPolicyAdvisor(
        new FhirDefaultPolicyAdvisor() {
          @Override
          public ReferenceValidationPolicy policyForReference(
              IResourceValidator v, Object app, String pad, String url, ReferenceDestinationType soort) {
            // Een relatieve verwijzing wijst naar deze server: daar moet iets te vinden zijn. Van elders weten wij niets.
            return url != null && !url.contains(":") && !url.startsWith("#")
                ? ReferenceValidationPolicy.CHECK_EXISTS_AND_TYPE
                : ReferenceValidationPolicy.CHECK_TYPE_IF_EXISTS;
          }
        });
    instantie.setValidatorResourceFetcher(new Stand());
    validator = context.newValidator().registerValidatorModule(instantie);
  }

  /** Onze definities; vragenlijsten geeft HAPI's eigen geheugen niet terug. */
  private static final class Eigen extends PrePopulatedValidationSupport {
    private final List<StructureDefinition> profielen = new ArrayList<>();
    private final Map<String, Questionnaire> vragenlijsten = new HashMap<>();

    private Eigen(FhirContext context) {
      super(context);
    }

    @Override
    public void addResource(IBaseResource bron) {
      if (bron instanceof Questionnaire lijst) {
        lijst.getItem().forEach(Eigen::verplicht);
        vragenlijsten.put(lijst.getUrl(), lijst);
        vragenlijsten.put(lijst.getUrl() + "|" + lijst.getVersion(), lijst);
      } else {
        super.addResource(bron);
      }
    }

    /** Onze extensie nodig-voor-definitief zegt wat required zegt; die kent HL7 wel. */
    private static void verplicht(Questionnaire.QuestionnaireItemComponent item) {
      Extension nodig = item.getExtensionByUrl(EIGEN + "nodig-voor-definitief");
      if (nodig != null && ((BooleanType) nodig.getValue()).booleanValue()) {
        item.setRequired(true);
      }
      item.getItem().forEach(Eigen::verplicht);
    }

    @Override
    public <T extends IBaseResource> T fetchResource(Class<T> soort, String url) {
      Questionnaire lijst = vragenlijsten.get(url);
      return soort.isInstance(lijst) ? soort.cast(lijst) : super.fetchResource(soort, url);
    }
  }

  /** Wat een verwijzing aanwijst bestaat: een lege resource van het type in de tekst. Zo weegt HL7 het type van het doel. */
  private static final class Stand implements IValidatorResourceFetcher {
    @Override
    public Element fetch(IResourceValidator v, Object app, String url) throws IOException {
      Matcher m = DOEL.matcher(url);
      if (!m.matches() || v.getContext().fetchTypeDefinition(m.group(1)) == null) {
        return null;
      }
      byte[] leeg = "{\"resourceType\":\"%s\",\"id\":\"%s\"}".formatted(m.group(1), m.group(2)).getBytes();
      return Manager.parseSingle(v.getContext(), new ByteArrayInputStream(leeg), Manager.FhirFormat.JSON);
    }

    @Override
    public boolean resolveURL(
        IResourceValidator v, Object app, String pad, String url, String soort, boolean canonical, List<CanonicalType> doelen) {
      return true;
    }

    @Override
    public byte[] fetchRaw(IResourceValidator v, String url) {
      return new byte[0];
    }

    @Override
    public IValidatorResourceFetcher setLocale(Locale taal) {
      return this;
    }

    @Override
    public CanonicalResource fetchCanonicalResource(IResourceValidator v, Object app, String url) {
      return null;
    }

    @Override
    public boolean fetchesCanonicalResource(IResourceValidator v, String url) {
      return false;
    }

    @Override
    public Set<String> fetchCanonicalResourceVersions(IResourceValidator v, Object app, String url) {
      return Set.of();
    }
  }

  private static boolean isDefinitie(Path pad) {
    String tekst = pad.toString();
    return tekst.endsWith(".json") && !tekst.contains("/examples/") && !tekst.endsWith("package.json");
  }

  private void neemOp(Eigen eigen, String tekst) {
    IBaseResource bron = context.newJsonParser().parseResource(tekst);
    if (bron instanceof StructureDefinition profiel) {
      // Een snapshot van een ander kan fouten hebben; het differential is de bron.
      if (profiel.hasDifferential() && profiel.getDerivation() == StructureDefinition.TypeDerivationRule.CONSTRAINT) {
        profiel.setSnapshot(null);
      }
      eigen.profielen.add(profiel);
      eigen.addStructureDefinition(profiel);
    } else if (!(bron instanceof ValueSet lijst) || uitTeKlappen(lijst)) {
      eigen.addResource(bron);
    }
  }

  /** Zonder terminologieserver is een filter (SNOMED CT) niet uit te klappen; HAPI zou dan elke code weigeren. */
  private static boolean uitTeKlappen(ValueSet lijst) {
    return lijst.getCompose().getInclude().stream().noneMatch(deel -> deel.hasFilter() || deel.hasValueSet());
  }

  /** Maakt alle snapshots vooraf: een profiel dat HL7 niet begrijpt, moet nu opvallen en niet pas bij een mutant. */
  private void maakSnapshots(Eigen eigen, IValidationSupport basis) {
    SnapshotGeneratingValidationSupport maker = new SnapshotGeneratingValidationSupport(context);
    InMemoryTerminologyServerValidationSupport termen = new InMemoryTerminologyServerValidationSupport(context);
    ValidationSupportContext keten =
        new ValidationSupportContext(
            new ValidationSupportChain(
                eigen, basis, new CommonCodeSystemsTerminologyService(context), termen, maker));
    for (StructureDefinition profiel : eigen.profielen) {
      StructureDefinition heel =
          profiel.hasSnapshot()
              ? profiel
              : (StructureDefinition)
                  maker.generateSnapshot(keten, profiel, profiel.getUrl(), profiel.getUrl(), profiel.getName());
      if (!heel.hasSnapshot()) {
        throw new IllegalStateException("geen snapshot van " + profiel.getUrl());
      }
      eigen.addStructureDefinition(heel);
    }
  }

  private String toets(String regel) throws IOException {
    JsonNode vraag = JSON.readTree(regel);
    ValidationOptions opties = new ValidationOptions();
    vraag.get("profielen").forEach(url -> opties.addProfile(url.asText()));
    ObjectNode antwoord = JSON.createObjectNode().put("sleutel", vraag.get("sleutel").asText());
    ArrayNode bevindingen = antwoord.putArray("bevindingen");
    try {
      for (SingleValidationMessage m : validator.validateWithResult(vraag.get("tekst").asText(), opties).getMessages()) {
        boolean fout =
            m.getSeverity() == ResultSeverityEnum.ERROR
                || m.getSeverity() == ResultSeverityEnum.FATAL
                || OOK_FOUT.contains(m.getMessageId());
        if (fout || Boolean.getBoolean("alles")) {
          bevindingen.addArray().add(fout ? "error" : "warning").add(m.getLocationString()).add(m.getMessageId()).add(m.getMessage());
        }
      }
    } catch (RuntimeException fout) {
      bevindingen.addArray().add("storing").add("").add(fout.getClass().getSimpleName()).add(String.valueOf(fout.getMessage()));
    }
    return JSON.writeValueAsString(antwoord);
  }

  public static void main(String[] args) throws Exception {
    List<Path> mappen = new ArrayList<>();
    for (int i = 3; i < args.length; i++) {
      mappen.add(Path.of(args[i]));
    }
    Oracle oracle = new Oracle(mappen);
    ExecutorService werkers = Executors.newFixedThreadPool(Integer.parseInt(args[2]));
    Queue<Future<String>> rij = new ArrayDeque<>();
    long begin = System.currentTimeMillis();
    int aantal = 0;
    try (BufferedReader in = Files.newBufferedReader(Path.of(args[0]));
        BufferedWriter uit =
            Files.newBufferedWriter(Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String regel = in.readLine(); regel != null || !rij.isEmpty(); ) {
        if (regel != null) {
          String deze = regel;
          rij.add(werkers.submit(() -> oracle.toets(deze)));
          regel = in.readLine();
        }
        if (regel == null || rij.size() > 200) {
          uit.write(rij.remove().get());
          uit.newLine();
          if (++aantal % 500 == 0) {
            uit.flush();
            System.err.printf("%d in %d s%n", aantal, (System.currentTimeMillis() - begin) / 1000);
          }
        }
      }
    } finally {
      werkers.shutdown();
    }
  }
}
