package dev.fairlead.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.ApiDouble;
import dev.fairlead.e2e.FairleadProcess;
import dev.fairlead.e2e.FairleadSetup;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page where there is much, little room, another light, nobody to answer, or somebody who should not be answered.
 */
@Timeout(120)
@ExtendWith(Shared.class)
class StatusPageLimitsTest {
    private static final String NAMES = "#service-rows .opener";
    private static final int MANY = 10_000;
    // WCAG 2.2, success criterion 1.4.3, level AA.
    private static final double LEAST_CONTRAST = 4.5;
    private static final String CONTRAST = """
            const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
            const light = (colour) => channels(colour).slice(0, 3).map((value) => value / 255)
              .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
              .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
            const ground = (element) => {
              const colour = getComputedStyle(element).backgroundColor;
              const opaque = channels(colour).length === 3 || channels(colour)[3] > 0;
              return opaque || !element.parentElement ? colour : ground(element.parentElement);
            };
            const spoken = [...document.querySelectorAll('h1, h1 span, dt, dd, .chip, .count, .hint, .latest, th, td, .reason,'
              + ' .tile h2, .tile .now, .tile p, .opener, .tabs button, label span, .problems h2, .problems li')];
            return Math.min(...spoken.filter((one) => one.checkVisibility() && one.textContent.trim()).map((one) => {
              const [a, b] = [light(getComputedStyle(one).color), light(ground(one))];
              return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            }));
            """;

    @TempDir
    Path directory;

    @Test
    void tenThousandServicesAreSearchedSortedAndPaged(Browser browser) throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        String ip = Addresses.next();
        // Without an endpoint the doors stay shut, so that they need no descriptor.
        String[] services = IntStream.range(0, MANY).mapToObj(i -> Scene.service("many", "svc-%05d".formatted(i), ip)
                .replace("port: " + Scene.PORT + ",", "port: " + (20_000 + i) + ",")).toArray(String[]::new);
        try (FairleadProcess _ = setup.start(services)) {
            browser.open("http://" + setup.admin() + "/");
            browser.untilText("#service-count", "10,000 services");
            assertThat(browser.texts(NAMES)).hasSize(100).first().isEqualTo("svc-00000:http");
            assertThat(browser.text("#service-range")).isEqualTo("1 to 100 of 10,000");
            assertThat(browser.number("return document.querySelectorAll('*').length")).isLessThan(4000);

            browser.click("#service-on");
            browser.untilText(NAMES, "svc-00100");
            assertThat(browser.text("#service-range")).isEqualTo("101 to 200 of 10,000");
            assertThat(browser.texts(NAMES)).hasSize(100);
            browser.click("[data-sort=name]");
            browser.untilText(NAMES, "svc-09999");
            assertThat(browser.text("#service-range")).isEqualTo("1 to 100 of 10,000");
            browser.type("#service-search", "svc-0777");
            browser.untilText("#service-count", "10 of 10,000 services");
            browser.until("ten rows", () -> browser.texts(NAMES).size() == 10);
            assertThat(browser.text("#service-pager")).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aProcessThatIsGoneIsToldOfAndOneThatComesBackIsFollowed(Browser browser) throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        String[] one = {Scene.service("shop", "web", Addresses.next())};
        try (FairleadProcess _ = setup.start(one)) {
            browser.open("http://" + setup.admin() + "/");
            browser.untilText("#state", "ready");
            browser.untilText("#latest", "plan");
        }
        browser.untilText("#gone", "trying again");
        assertThat(browser.text("#gone")).matches("No answer since \\d\\d:\\d\\d:\\d\\d, trying again.*");
        assertThat(browser.text("#state")).isEqualTo("no answer");
        assertThat(browser.texts(NAMES)).as("what was known stays").containsExactly("web:http");

        try (FairleadProcess _ = setup.start(one[0], Scene.service("shop", "young", Addresses.next()))) {
            browser.untilText("#state", "ready");
            browser.until("the banner is gone", () -> browser.text("#gone").isEmpty());
            browser.until("both services", () -> browser.texts(NAMES).equals(List.of("web:http", "young:http")));
            browser.click("#tab-events");
            browser.until("it was started anew",
                    () -> browser.texts("#event-list .kind").contains("started anew"));
            browser.untilText("#event-list li", "plan");
            assertThat(browser.complaints()).isNotEmpty().allMatch(line -> line.contains("ERR_"));
        }
    }

    @Test
    void aProcessThatIsToldToEndSaysSoUntilItHas(Browser browser) throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory).withSettings("drain: {grace: 60s}\n");
        try (FairleadProcess fairlead = setup.start(Scene.service("shop", "web", Addresses.next()))) {
            browser.open("http://" + setup.admin() + "/");
            browser.untilText("#state", "ready");
            fairlead.terminate();
            browser.untilText("#state", "draining");
            assertThat(browser.texts(NAMES)).containsExactly("web:http");
        }
        browser.untilText("#state", "no answer");
        browser.complaints();
    }

    @Test
    void howLongAgoTheApiServerWasHeardIsTold(Browser browser) throws Exception {
        try (ApiDouble api = new ApiDouble()) {
            FairleadSetup setup = FairleadSetup.in(directory).following(api);
            api.apply("""
                    apiVersion: v1
                    kind: Node
                    metadata: {name: n1}
                    status: {addresses: [{type: InternalIP, address: %s}]}
                    """.formatted(Addresses.next()));
            try (FairleadProcess _ = setup.start()) {
                browser.open("http://" + setup.admin() + "/");
                browser.untilText("#heard", "heard ");
                assertThat(browser.text("#heard")).matches("heard \\d.* ago");
                assertThat(browser.text("#node")).isEqualTo("n1");
                String before = browser.text("#heard");
                browser.until("time goes on", () -> !browser.text("#heard").equals(before));
                assertThat(browser.complaints()).isEmpty();
            }
        }
    }

    @Test
    void aLimitIsToldWhereTheServiceIsOpened(Browser browser) throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        String ip = Addresses.next();
        try (FairleadProcess _ = setup.start(Scene.service("shop", "web", ip).replace("fairlead.dev/balancer:",
                "fairlead.dev/connections-per-second: '1700', fairlead.dev/balancer:"),
                Scene.slice("shop", "web", Scene.ready(ip)))) {
            browser.open("http://" + setup.admin() + "/");
            browser.untilText(NAMES, "web");
            browser.click(NAMES);
            browser.untilText("#service-rows .inside", "at most 1,700 new connections a second");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void ofManyEventsTheLatestFiveHundredAreShown(Browser browser) throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        String ip = Addresses.next();
        String service = Scene.service("shop", "web", ip);
        String crowd = Scene.slice("shop", "web",
                IntStream.range(1, 51).mapToObj(i -> Scene.ready("127.9.9." + i)).toArray(String[]::new));
        try (FairleadProcess _ = setup.start(service)) {
            browser.open("http://" + setup.admin() + "/");
            browser.click("#tab-events");
            for (int turn = 0; turn < 12; turn++) {
                String latest = browser.text("#latest");
                setup.write(turn % 2 == 0 ? new String[]{service, crowd} : new String[]{service});
                browser.until("the next plan", () -> browser.text("#latest").contains(" plan ")
                        && !browser.text("#latest").equals(latest));
            }
            browser.untilText("#event-count", "500 events");
            assertThat(browser.number("return document.querySelectorAll('#event-list li').length")).isEqualTo(500);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aTelephoneNeedsNoScrollingSideways(Browser browser, Scene scene) throws Exception {
        browser.open(scene.url());
        browser.size(380, 800);
        browser.until("the services are there", () -> browser.texts(NAMES).size() == 4);
        browser.click("#service-rows tr:nth-child(3) .opener");
        browser.until("the endpoints are there", () -> browser.texts(".endpoints tbody tr").size() == 4);
        for (String tab : List.of("services", "connections", "events", "why")) {
            browser.click("#tab-" + tab);
            assertThat(browser.number("return document.documentElement.scrollWidth")).as(tab).isEqualTo(380);
        }
        browser.click("#tab-services");
        browser.choose("#service-sort", "accepted");
        browser.until("sorted without headings",
                () -> browser.attribute("th:has([data-sort=accepted])", "aria-sort").equals("descending"));
        assertThat(browser.script("return getComputedStyle(document.querySelector('#service-rows td'), '::before')"
                + ".content")).isEqualTo("\"Namespace\"");
    }

    @Test
    void textIsReadableInLightAndInDark(Browser browser, Scene scene) throws Exception {
        browser.open(scene.url());
        scene.withBalancer("rund-robin");
        browser.untilText("#problem-list", "rund-robin");
        browser.click("#service-rows tr:nth-child(3) .opener");
        browser.until("the endpoints are there", () -> browser.texts(".endpoints tbody tr").size() == 4);
        String ground = "return getComputedStyle(document.body).backgroundColor";
        String light = String.valueOf(browser.script(ground));
        assertThat(contrast(browser)).isGreaterThanOrEqualTo(LEAST_CONTRAST);
        browser.colours("dark");
        assertThat(browser.script(ground)).isNotEqualTo(light);
        assertThat(contrast(browser)).isGreaterThanOrEqualTo(LEAST_CONTRAST);
        scene.asAtTheStart();
        browser.script("document.documentElement.style.setProperty('--soft', '#555')");
        assertThat(contrast(browser)).as("a grey that is too dark").isLessThan(LEAST_CONTRAST);
    }

    @Test
    void foreignNamesAndForeignPagesAreTurnedAway(Scene scene) throws Exception {
        String token = "Authorization: Bearer " + scene.token();
        String here = "Host: " + scene.admin();
        String drain = "POST /api/v1/drain?service=shop/web";

        assertThat(Request.of("GET /", "Host: evil.example").askedAt(scene.admin())).startsWith("403");
        assertThat(Request.of("GET /api/v1/status", "Host: evil.example").askedAt(scene.admin())).startsWith("403");
        assertThat(Request.of("GET /api/v1/status", here).askedAt(scene.admin())).startsWith("200");
        assertThat(Request.of(drain, here, token, "Origin: http://evil.example").askedAt(scene.admin()))
                .startsWith("403");
        assertThat(Request.of(drain, here).askedAt(scene.admin())).startsWith("401");
        String own = "Origin: http://" + scene.admin();
        assertThat(Request.of(drain, here, token, own).askedAt(scene.admin())).startsWith("200");
        assertThat(Request.of(drain.replace("drain", "undrain"), here, token, own).askedAt(scene.admin()))
                .startsWith("200");
    }

    private static double contrast(Browser browser) {
        return ((Number) browser.script(CONTRAST)).doubleValue();
    }
}
